using System.Collections.Immutable;
using OrleansCache.Entries;

namespace OrleansCache.Diagnostics;

/// <summary>
/// The keys that are looked up most at a silo: Space-Saving (A. Metwally, D. Agrawal, A. El Abbadi, 2005) over counts that halve every few
/// seconds, so that it follows the traffic. It counts only for a while after somebody has asked, and needs the same memory however many
/// keys there are. Thread-safe.
/// </summary>
internal sealed class HotKeys(Clock clock)
{
    /// <summary>The keys that are counted at a time.</summary>
    public const int Capacity = 256;

    /// <summary>The most keys that are told.</summary>
    public const int MostTold = 20;

    private const long CountsFor = 10_000;
    private const double HalfLife = 5_000;

    // Counts do not shrink, later lookups weigh more; at this weight all of them are scaled down.
    private const double LargestWeight = 1e9;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _places = new(Capacity, StringComparer.Ordinal);
    private readonly string[] _keys = new string[Capacity];
    private readonly double[] _counts = new double[Capacity];

    // How much of a count may belong to the keys that had its place before.
    private readonly double[] _errors = new double[Capacity];
    private long _until = long.MinValue;
    private long _origin;
    private double _total;

    /// <summary>Counts a lookup, if somebody wants to know.</summary>
    public void Count(string key)
    {
        var now = clock.Now;
        if (now >= Volatile.Read(ref _until) || !_gate.TryEnter())
            return;
        try
        {
            // A lookup that meets another one here is not counted. That is as likely for each key, so it changes no share.
            Add(key, now);
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>The keys with the largest shares of the lookups, the largest first. Counting goes on for a while from here.</summary>
    public ImmutableArray<HotKey> Ask()
    {
        lock (_gate)
        {
            var now = clock.Now;
            if (now >= _until)
                Clear(now);
            Volatile.Write(ref _until, now + CountsFor);
            if (_total <= 0)
                return [];
            // Only what is certain is told: where no key stands out there is none to tell.
            return
            [
                .. Enumerable.Range(0, _places.Count)
                    .Select(i => new HotKey(_keys[i], (_counts[i] - _errors[i]) / _total))
                    .OrderByDescending(key => key.Share).ThenBy(key => key.Key, StringComparer.Ordinal)
                    .Take(MostTold),
            ];
        }
    }

    private void Add(string key, long now)
    {
        var weight = Math.Exp((now - _origin) * Math.Log(2) / HalfLife);
        if (weight > LargestWeight)
        {
            Scale(1 / weight);
            (_origin, weight) = (now, 1);
        }

        _total += weight;
        if (!_places.TryGetValue(key, out var place))
            place = PlaceFor(key);
        _counts[place] += weight;
    }

    /// <summary>A place for a key that has none: a free one, or that of the key with the lowest count.</summary>
    private int PlaceFor(string key)
    {
        var place = _places.Count;
        if (place == Capacity)
        {
            place = 0;
            for (var i = 1; i < Capacity; i++)
            {
                if (_counts[i] < _counts[place])
                    place = i;
            }

            _places.Remove(_keys[place]);
            _errors[place] = _counts[place];
        }

        (_keys[place], _places[key]) = (key, place);
        return place;
    }

    private void Scale(double factor)
    {
        _total *= factor;
        for (var i = 0; i < Capacity; i++)
        {
            _counts[i] *= factor;
            _errors[i] *= factor;
        }
    }

    private void Clear(long now)
    {
        _places.Clear();
        Array.Clear(_keys);
        Array.Clear(_counts);
        Array.Clear(_errors);
        (_total, _origin) = (0, now);
    }
}

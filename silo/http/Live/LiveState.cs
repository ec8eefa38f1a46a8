using System.Collections.Immutable;

namespace OrleansCache.Http;

/// <summary>What was seen of the cluster, and the last five minutes of it. Safe for concurrent use.</summary>
internal sealed class LiveState
{
    /// <summary>The seconds that are kept.</summary>
    public const int MostPoints = 300;

    private const int MostEvents = 200;

    private readonly Lock _lock = new();
    private readonly ImmutableArray<string> _names;
    private readonly Dictionary<string, RegionWatch> _regions;
    private readonly Queue<LivePoint> _points = new();
    private readonly Queue<LiveEvent> _events = new();
    private readonly LiveSnapshot _empty;
    private readonly TimeProvider _time;
    private readonly long _began;
    private long _lastEvent;

    public LiveState(RegionMap regions, string silo, string region, TimeProvider time)
    {
        _names = regions.Names;
        _regions = _names.ToDictionary(name => name, name => new RegionWatch(name, name == regions.Home, Say));
        _empty = new() { Silo = silo, Region = region, Home = regions.Home };
        (_time, _began) = (time, time.GetTimestamp());
    }

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Notes what a region has answered.</summary>
    public void Take(string region, RegionAnswer answer)
    {
        lock (_lock)
            _regions[region].Take(answer, _time.GetElapsedTime(_began), Now);
    }

    /// <summary>Ends a second: what was seen in it becomes a point of the history.</summary>
    public LiveMessage EndSecond()
    {
        lock (_lock)
        {
            var snapshot = Describe();
            var waits = LiveRates.Sum(snapshot.Regions.Select(region => region.Recent))?.EditWaits;
            var point = new LivePoint(
                snapshot.At,
                [.. snapshot.Regions.Select(region => region.Rates?.ToPoint())],
                waits is { Total: > 0 } ? [waits.Percentile(0.5), waits.Percentile(0.99)] : null);
            _points.Enqueue(point);
            while (_points.Count > MostPoints)
                _points.Dequeue();
            return new(snapshot, point, null);
        }
    }

    /// <summary>What a new viewer gets first.</summary>
    public LiveMessage Begin()
    {
        lock (_lock)
            return new(Describe(), null, [.. _points]);
    }

    private LiveSnapshot Describe()
    {
        var snapshot = _empty with
        {
            At = Now,
            Regions = [.. _names.Select(name => _regions[name].Describe())],
            HotKeys = HotKeyMerge.Of(_names.Select(name => _regions[name])),
            Distances = [.. _names.SelectMany(name => _regions[name].Ways)],
            Events = [.. _events],
        };
        return snapshot with { Advice = AdviceChecks.Of(snapshot) };
    }

    private void Say(LiveEventKind kind, string region, string text)
    {
        _events.Enqueue(new(++_lastEvent, Now, kind, region, text));
        while (_events.Count > MostEvents)
            _events.Dequeue();
    }
}

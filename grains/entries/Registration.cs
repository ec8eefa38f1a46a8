using System.Numerics;

namespace OrleansCache.Entries;

/// <summary>
/// What a granter knows of a key: the row that is current, and which holders have been given it. Changed under the granter's lock; whether
/// a holder is registered may be asked without.
/// </summary>
internal sealed class Registration
{
    private const int BitsPerWord = 64;

    private ulong _first;
    private ulong[]? _more;

    internal Registration(string key) => Key = key;

    /// <summary>The key.</summary>
    public string Key { get; }

    /// <summary>The row that the holders have, and that is current as far as the granter knows.</summary>
    public RowVersion Identity { get; internal set; }

    // When the registry looked at it last; the queue is in this order.
    internal long LookedAt;

    internal Registration? Next;

    /// <summary>Whether no holder is registered.</summary>
    public bool IsEmpty => _first == 0 && (_more is null || !_more.AsSpan().ContainsAnyExcept(0UL));

    /// <summary>How many words it has beyond the first.</summary>
    internal int MoreWords => _more?.Length ?? 0;

    /// <summary>Whether a holder is registered. Takes no lock.</summary>
    public bool Has(int number)
    {
        if (number < BitsPerWord)
            return (Volatile.Read(ref _first) & (1UL << number)) != 0;
        var (more, word) = (Volatile.Read(ref _more), (number / BitsPerWord) - 1);
        return more is not null && word < more.Length && (Volatile.Read(ref more[word]) & (1UL << number)) != 0;
    }

    internal void Add(int number)
    {
        if (number < BitsPerWord)
        {
            Volatile.Write(ref _first, _first | (1UL << number));
            return;
        }

        var word = (number / BitsPerWord) - 1;
        var more = _more;
        if (more is null || word >= more.Length)
        {
            more = new ulong[word + 1];
            _more?.CopyTo(more, 0);
            more[word] |= 1UL << number;
            Volatile.Write(ref _more, more);
        }
        else
        {
            Volatile.Write(ref more[word], more[word] | (1UL << number));
        }
    }

    internal void Remove(int number)
    {
        if (number < BitsPerWord)
            Volatile.Write(ref _first, _first & ~(1UL << number));
        else if (_more is { } more && (number / BitsPerWord) - 1 is var word && word < more.Length)
            Volatile.Write(ref more[word], more[word] & ~(1UL << number));
    }

    internal IEnumerable<int> Numbers()
    {
        for (var rest = _first; rest != 0; rest &= rest - 1)
            yield return BitOperations.TrailingZeroCount(rest);
        for (var word = 0; word < MoreWords; word++)
        {
            for (var rest = _more![word]; rest != 0; rest &= rest - 1)
                yield return ((word + 1) * BitsPerWord) + BitOperations.TrailingZeroCount(rest);
        }
    }
}

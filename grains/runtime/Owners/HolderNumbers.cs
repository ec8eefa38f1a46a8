using OrleansCache.Entries;

namespace OrleansCache.Owners;

/// <summary>
/// The numbers (bits of a <see cref="GrantTable"/>) under which a granter records its holders. Up to 63 holders at a time have a number
/// each; further ones share the last number and are revoked together. A number is free again when the leases of its holder have ended.
/// </summary>
internal sealed class HolderNumbers<THolder> where THolder : notnull
{
    private const int Shared = GrantTable.HolderNumbers - 1;

    private readonly Dictionary<THolder, (int Number, long Until)> _numbers = [];
    private readonly List<THolder>[] _holders = [.. Enumerable.Range(0, GrantTable.HolderNumbers).Select(_ => new List<THolder>(1))];

    /// <summary>
    /// The number of a holder that gets a lease. Call it for each grant: the number is the holder's until that moment only.
    /// </summary>
    public int NumberOf(THolder holder, long until, long now)
    {
        if (_numbers.TryGetValue(holder, out var known))
        {
            if (known.Until < until)
                _numbers[holder] = known with { Until = until };
            return known.Number;
        }

        foreach (var ended in _numbers.Where(entry => entry.Value.Until <= now).Select(entry => entry.Key).ToArray())
        {
            _holders[_numbers[ended].Number].Remove(ended);
            _numbers.Remove(ended);
        }

        var number = Array.FindIndex(_holders, 0, Shared, holders => holders.Count == 0) is >= 0 and var free ? free : Shared;
        _numbers.Add(holder, (number, until));
        _holders[number].Add(holder);
        return number;
    }

    /// <summary>The holders that have these numbers.</summary>
    public IEnumerable<THolder> Of(ulong numbers)
    {
        for (var number = 0; number < GrantTable.HolderNumbers; number++)
        {
            if ((numbers & (1UL << number)) == 0)
                continue;
            foreach (var holder in _holders[number])
                yield return holder;
        }
    }
}

namespace OrleansCache.Proof.Histories;

/// <summary>Among the items that ended before a given time, the one with the highest rank.</summary>
internal sealed class Latest<T> where T : class
{
    private readonly TimeSpan[] _ends;
    private readonly T[] _highest;

    public Latest(IEnumerable<T> things, Func<T, TimeSpan> end, Func<T, long> rank)
    {
        _highest = [.. things.OrderBy(end)];
        _ends = [.. _highest.Select(end)];
        for (var i = 1; i < _highest.Length; i++)
        {
            if (rank(_highest[i]) < rank(_highest[i - 1]))
                _highest[i] = _highest[i - 1];
        }
    }

    public T? Before(TimeSpan moment)
    {
        var (low, high) = (0, _ends.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_ends[middle] < moment)
                low = middle + 1;
            else
                high = middle;
        }

        return low == 0 ? null : _highest[low - 1];
    }
}

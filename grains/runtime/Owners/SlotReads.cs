using OrleansCache.Entries;

namespace OrleansCache.Owners;

/// <summary>
/// Single flight for the catalog reads of one slot: callers of one key share the read in flight, and callers shortly afterwards
/// its row (see <see cref="RecentRows"/>). A read that takes long is joined no more: its query may hang. An edit
/// invalidates both, so that no row read before it is granted after it.
/// </summary>
internal sealed class SlotReads(CatalogReader reader, RecentRows recent, Clock clock)
{
    private readonly Dictionary<string, (Task<CatalogRow> Read, long Since)> _inFlight = [];

    /// <summary>Reads a row.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fresh">Whether the read must begin after this call.</param>
    /// <param name="cancellation">Ends the wait; the read goes on for other callers.</param>
    /// <returns>The row, and whether its read had begun before this call.</returns>
    public async Task<(CatalogRow Row, bool IsShared)> ReadAsync(string key, bool fresh, CancellationToken cancellation)
    {
        if (!fresh && recent.Find(this, key) is { } row)
            return (row, true);
        var isShared = !fresh && _inFlight.TryGetValue(key, out var other) && clock.Now - other.Since < reader.Patience.TotalMilliseconds;
        var read = isShared ? _inFlight[key].Read : ReadAsync(key);
        return (await read.WaitAsync(cancellation), isShared);
    }

    /// <summary>Keeps a row that an edit has just written for callers that ask shortly afterwards.</summary>
    public void Remember(string key, CatalogRow row) => recent.Remember(this, key, row);

    /// <summary>Forgets rows, and keeps reads in flight from being shared or remembered any more.</summary>
    public void Invalidate(IReadOnlyCollection<string> keys)
    {
        foreach (var key in keys)
            _inFlight.Remove(key);
        recent.Forget(keys);
    }

    /// <summary>Forgets all rows, and keeps reads in flight from being shared or remembered any more.</summary>
    public void Clear()
    {
        _inFlight.Clear();
        recent.ForgetAll(this);
    }

    private async Task<CatalogRow> ReadAsync(string key)
    {
        var read = reader.ReadAsync(key);
        _inFlight[key] = (read, clock.Now);
        try
        {
            var row = await read;
            if (IsCurrent(key, read))
                Remember(key, row);
            return row;
        }
        finally
        {
            if (IsCurrent(key, read))
                _inFlight.Remove(key);
        }
    }

    // Otherwise an edit has invalidated the read, or a later one has replaced it.
    private bool IsCurrent(string key, Task<CatalogRow> read) => _inFlight.TryGetValue(key, out var current) && current.Read == read;
}

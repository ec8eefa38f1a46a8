using Microsoft.Extensions.Options;
using OrleansCache.Configuration;
using OrleansCache.Entries;

namespace OrleansCache.Owners;

/// <summary>
/// The rows that the owners of a silo have read from the catalog within the last moments. Regions miss a book at the same time but do
/// not ask for it at the same time, since one has a slower Redis than the other; the later one must not cause a second catalog read.
/// Rows leave in the order in which they were read, so a queue is enough.
/// </summary>
internal sealed class RecentRows(Clock clock, IOptions<CacheOptions> settings)
{
    private const long LeastBytes = 8 * 1024 * 1024;
    private const int BytesPerRow = 256;

    // Beside the budget of the entries, so only a small part of it.
    private readonly long _maxBytes = Math.Max(LeastBytes, settings.Value.MemoryBudgetBytes / 16);

    // Where entries or leases are short, a row must not spend most of that time here.
    private readonly long _window = (long)Math.Min(
        OwnerTimeouts.RecentRow.TotalMilliseconds,
        Math.Min(settings.Value.TimeToLive.TotalMilliseconds, settings.Value.Leases.Length.TotalMilliseconds) / 4);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Remembered> _rows = [];
    private readonly Queue<Remembered> _order = [];
    private long _bytes;

    /// <summary>The row that this owner has just read, or null.</summary>
    public CatalogRow? Find(object owner, string key)
    {
        lock (_gate)
        {
            Trim();
            return _rows.TryGetValue(key, out var found) && found.Owner == owner ? found.Row : null;
        }
    }

    /// <summary>Remembers a row for a short time.</summary>
    public void Remember(object owner, string key, CatalogRow row)
    {
        var remembered = new Remembered(owner, key, row);
        lock (_gate)
        {
            _rows[key] = remembered;
            _order.Enqueue(remembered);
            _bytes += remembered.Bytes;
            Trim();
        }
    }

    /// <summary>Forgets rows.</summary>
    public void Forget(IEnumerable<string> keys)
    {
        lock (_gate)
        {
            foreach (var key in keys)
                _rows.Remove(key);
        }
    }

    /// <summary>Forgets all rows of an owner.</summary>
    public void ForgetAll(object owner)
    {
        lock (_gate)
        {
            foreach (var row in _rows.Values.Where(row => row.Owner == owner).ToArray())
                _rows.Remove(row.Key);
        }
    }

    private void Trim()
    {
        while (_order.TryPeek(out var oldest) && (_bytes > _maxBytes || clock.Now - oldest.Row.StartedAt >= _window))
        {
            _order.Dequeue();
            _bytes -= oldest.Bytes;
            if (_rows.TryGetValue(oldest.Key, out var current) && current == oldest)
                _rows.Remove(oldest.Key);
        }
    }

    private sealed record Remembered(object Owner, string Key, CatalogRow Row)
    {
        public long Bytes { get; } = BytesPerRow + (2 * Key.Length) + (Row.Row.Payload?.Length ?? 0);
    }
}

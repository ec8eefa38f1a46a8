using BenchmarkDotNet.Attributes;
using OrleansCache.Entries;

namespace OrleansCache.Bench;

/// <summary>A hit in a table of entries: the clock, the lease check, and the LRU update.</summary>
[MemoryDiagnoser]
public class MemoryHit : IEntryHolder
{
    private const int Books = 1_024;

    private readonly LeasedEntryTable _table = new(Clock.System, 64 * 1024 * 1024, slots: 64);
    private readonly VolumeLease _volume = new VolumeLeases(slots: 1).Take(0, new(1, 1), long.MaxValue)!;
    private CacheEntry[] _entries = null!;
    private int _next;

    [GlobalSetup]
    public void Setup() =>
        _entries = [.. Enumerable.Range(0, Books).Select(Keep)];

    [Benchmark]
    public bool Touch()
    {
        var entry = _entries[_next++ & (Books - 1)];
        _table.Touch(entry);
        return Clock.System.Now < entry.UsableUntil;
    }

    private CacheEntry Keep(int number)
    {
        var key = $"book::{number}";
        var hour = Clock.System.Now + (60 * 60 * 1_000);
        var entry = new CacheEntry(this, key, new(key, new(1, Guid.Empty), new byte[600]), new(_volume, 0, hour));
        return _table.TryKeep(entry, 0) ? entry : throw new InvalidOperationException("The table has no room for the books.");
    }

    void IEntryHolder.Evict(CacheEntry entry, EvictionReason reason) => _table.Release(entry);
}

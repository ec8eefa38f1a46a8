using BenchmarkDotNet.Attributes;
using OrleansCache.Entries;

namespace OrleansCache.Bench;

/// <summary>What a hit costs in the silo's table of copies: the clock, the check, and the touch.</summary>
[MemoryDiagnoser]
public class MemoryHit : ICopyHolder
{
    private const int Books = 1_024;

    private readonly CopyTable _table = new(Clock.System, 64 * 1024 * 1024, slots: 64);
    private KeptCopy[] _copies = null!;
    private int _next;

    /// <summary>Fills the table.</summary>
    [GlobalSetup]
    public void Setup() =>
        _copies = [.. Enumerable.Range(0, Books).Select(Keep)];

    /// <summary>One hit.</summary>
    [Benchmark]
    public bool Touch()
    {
        var copy = _copies[_next++ & (Books - 1)];
        _table.Touch(copy);
        return Clock.System.Now < copy.UsableUntil;
    }

    private KeptCopy Keep(int number)
    {
        var hour = Clock.System.Now + (60 * 60 * 1_000);
        var copy = new KeptCopy(this, new($"book::{number}", new(1, Guid.Empty), new byte[600]), new(0, hour, hour), 2_000);
        return _table.TryKeep(copy, 0) ? copy : throw new InvalidOperationException("There is no room for the books.");
    }

    /// <inheritdoc/>
    public void Leave(KeptCopy copy, LeaveReason reason) => _table.Release(copy);
}

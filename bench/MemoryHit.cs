using BenchmarkDotNet.Attributes;
using OrleansCache.Memory;
using OrleansCache.Time;

namespace OrleansCache.Bench;

/// <summary>What a hit costs in the silo's table of copies: the clock, the check, and the touch.</summary>
[MemoryDiagnoser]
public class MemoryHit : ICopyHolder
{
    private const int Books = 1_024;

    private readonly CopyTable _table = new(Clock.System, 64 * 1024 * 1024);
    private KeptCopy[] _copies = null!;
    private int _next;

    /// <summary>Fills the table.</summary>
    [GlobalSetup]
    public void Setup() =>
        _copies = [.. Enumerable.Range(0, Books).Select(i => _table.TryKeep(this, $"book::{i}", 600, TimeSpan.FromHours(1), 0)!)];

    /// <summary>One hit.</summary>
    [Benchmark]
    public bool Touch()
    {
        var copy = _copies[_next++ & (Books - 1)];
        _table.Touch(copy);
        return Clock.System.Now < copy.UsableUntil;
    }

    /// <inheritdoc/>
    public void Leave(KeptCopy copy, LeaveReason reason) => _table.Release(copy);
}

using BenchmarkDotNet.Attributes;

namespace OrleansCache.Bench;

/// <summary>Finding the node of a key among ten. The limit is 60 ns and no allocation.</summary>
[MemoryDiagnoser]
public class RingLookup
{
    private const int Keys = 1_024;

    private readonly string[] _keys = [.. Enumerable.Range(0, Keys).Select(i => $"book::{i * 7919}")];
    private HashRing _ring = null!;
    private int _next;

    /// <summary>The number of nodes on the ring.</summary>
    [Params(3, 10)]
    public int Nodes { get; set; }

    [GlobalSetup]
    public void Setup() => _ring = HashRing.Create(1, Enumerable.Range(1, Nodes).Select(i => new RingMember($"node-{i}")));

    /// <summary>The hash of the key alone, as the baseline.</summary>
    [Benchmark(Baseline = true)]
    public ulong Hash() => KeyHash.Of(_keys[_next++ & (Keys - 1)]);

    /// <summary>The whole lookup.</summary>
    [Benchmark]
    public int Lookup() => _ring.IndexOf(_keys[_next++ & (Keys - 1)]);
}

using System.Collections.Concurrent;
using OrleansCache.Tests.Faults.Load;

namespace OrleansCache.Tests.Faults.Churn;

/// <summary>Readers that join and leave; those of a region share its lookups.</summary>
internal sealed class ReaderCrowd(Func<IEnumerable<KeyValuePair<string, string>>> settings, IReadOnlyList<string> regions, int size)
    : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Reader> _readers = new();
    private long _turn;

    /// <summary>The names of all readers: region, dot, number.</summary>
    public IReadOnlyList<string> Names { get; } =
        [.. Enumerable.Range(0, size).Select(i => $"{regions[i % regions.Count]}.{(i / regions.Count) + 1}")];

    public IReadOnlyList<string> There => [.. Names.Where(_readers.ContainsKey)];

    /// <summary>The readers that may leave: all but a region's last one.</summary>
    public IReadOnlyList<string> Free => [.. There.Where(name => There.Count(other => RegionOf(other) == RegionOf(name)) > 1)];

    public IReadOnlyList<string> Away => [.. Names.Where(name => !_readers.ContainsKey(name))];

    public async Task JoinAsync(string name) => _readers[name] = await Reader.StartAsync(settings(), RegionOf(name));

    public async Task LeaveAsync(string name)
    {
        if (_readers.TryRemove(name, out var reader))
            await reader.DisposeAsync();
    }

    /// <summary>The reader of a region's next lookup, or null while the region has none.</summary>
    public Reader? Pick(string region)
    {
        Reader[] there = [.. _readers.Where(reader => RegionOf(reader.Key) == region).Select(reader => reader.Value)];
        return there.Length == 0 ? null : there[(int)(Interlocked.Increment(ref _turn) % there.Length)];
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(There.Select(LeaveAsync));

    private static string RegionOf(string name) => name[..name.IndexOf('.', StringComparison.Ordinal)];
}

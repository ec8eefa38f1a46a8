using System.Collections.Concurrent;
using OrleansCache.Catalog;

namespace OrleansCache.Tests.Clusters;

/// <summary>A silo's way to the catalog: counts what goes through, holds it back, or refuses it.</summary>
public sealed class CatalogProbe(ICatalog catalog) : ICatalog
{
    private readonly ConcurrentDictionary<string, int> _reads = new();
    private volatile TaskCompletionSource? _gate;
    private volatile string? _refusal;
    private int _queries;
    private int _waiting;

    /// <summary>Queries for books that this silo has sent.</summary>
    public int Queries => Volatile.Read(ref _queries);

    /// <summary>Calls that are held back now.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>How often this silo has asked the catalog for a book.</summary>
    public int ReadsOf(string key) => _reads.GetValueOrDefault(key);

    /// <summary>Holds all calls back until what it returns is disposed of.</summary>
    public IDisposable Hold()
    {
        var gate = _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return new Undo(() =>
        {
            _gate = null;
            gate.TrySetResult();
        });
    }

    /// <summary>Fails all calls until what it returns is disposed of.</summary>
    public IDisposable Refuse(string reason)
    {
        _refusal = reason;
        return new Undo(() => _refusal = null);
    }

    public Task InitializeAsync(CancellationToken cancellation) => catalog.InitializeAsync(cancellation);

    public async Task<BookCopy?[]> ReadAsync(IReadOnlyList<string> keys, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _queries);
        foreach (var key in keys)
            _reads.AddOrUpdate(key, 1, static (_, count) => count + 1);
        await PassAsync(cancellation);
        return await catalog.ReadAsync(keys, cancellation);
    }

    public async Task<StoreOutcome[]> StoreAsync(IReadOnlyList<BookWrite> books, CancellationToken cancellation)
    {
        await PassAsync(cancellation);
        return await catalog.StoreAsync(books, cancellation);
    }

    public async Task<IReadOnlyList<string>> ListKeysAsync(string? after, int limit, CancellationToken cancellation)
    {
        await PassAsync(cancellation);
        return await catalog.ListKeysAsync(after, limit, cancellation);
    }

    public async Task<StoredTopology?> ReadTopologyAsync(string region, CancellationToken cancellation)
    {
        await PassAsync(cancellation);
        return await catalog.ReadTopologyAsync(region, cancellation);
    }

    public async Task<bool> WriteTopologyAsync(string region, StoredTopology topology, CancellationToken cancellation)
    {
        await PassAsync(cancellation);
        return await catalog.WriteTopologyAsync(region, topology, cancellation);
    }

    public ValueTask DisposeAsync() => catalog.DisposeAsync();

    private async Task PassAsync(CancellationToken cancellation)
    {
        if (_gate is { } gate)
        {
            Interlocked.Increment(ref _waiting);
            try
            {
                await gate.Task.WaitAsync(cancellation);
            }
            finally
            {
                Interlocked.Decrement(ref _waiting);
            }
        }

        if (_refusal is { } reason)
            throw new CatalogUnavailableException(reason);
    }

    private sealed class Undo(Action action) : IDisposable
    {
        public void Dispose() => action();
    }
}

using System.Collections.Concurrent;
using OrleansCache.Catalogs;

namespace OrleansCache.Tests.Clusters;

/// <summary>
/// A catalog between a silo and its catalog that counts calls, and holds or fails them or loses their responses until the returned object
/// is disposed.
/// </summary>
public sealed class CatalogProbe(ICatalogStore catalog) : ICatalogStore
{
    private readonly ConcurrentDictionary<string, int> _reads = new();
    private volatile TaskCompletionSource? _gate;
    private TaskCompletionSource? _readAnswer;
    private volatile TaskCompletionSource? _hang;
    private int _hanging;
    private volatile TaskCompletionSource? _writeAnswers;
    private volatile string? _refusal;
    private volatile string? _changesRefusal;
    private volatile Exception? _loss;
    private int _queries;
    private int _writes;
    private int _waiting;

    /// <summary>The number of queries for books that this silo has sent.</summary>
    public int Queries => Volatile.Read(ref _queries);

    /// <summary>The number of batches of writes that this silo has sent.</summary>
    public int Writes => Volatile.Read(ref _writes);

    /// <summary>The number of calls that are held now.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>The number of catalog reads of a book by this silo.</summary>
    public int ReadsOf(string key) => _reads.GetValueOrDefault(key);

    /// <summary>Holds all calls.</summary>
    public IDisposable Hold() => Hold(gate => _gate = gate);

    /// <summary>Holds the response of the next read; later reads pass.</summary>
    public IDisposable HoldReadAnswer() => Hold(gate => _readAnswer = gate);

    /// <summary>Lets the next reads hang: they do not even react to their cancellation.</summary>
    public IDisposable Hang(int reads)
    {
        Volatile.Write(ref _hanging, reads);
        return Hold(gate => _hang = gate);
    }

    /// <summary>Writes, but holds the responses.</summary>
    public IDisposable HoldWriteAnswers() => Hold(gate => _writeAnswers = gate);

    /// <summary>Fails all calls.</summary>
    public IDisposable Refuse(string reason)
    {
        _refusal = reason;
        return new Undo(() => _refusal = null);
    }

    /// <summary>Fails to tell what has changed.</summary>
    public IDisposable RefuseChanges(string reason)
    {
        _changesRefusal = reason;
        return new Undo(() => _changesRefusal = null);
    }

    /// <summary>Writes, but fails instead of responding.</summary>
    public IDisposable LoseWriteAnswers(Exception error)
    {
        _loss = error;
        return new Undo(() => _loss = null);
    }

    public Task InitializeAsync(CancellationToken cancellation) => catalog.InitializeAsync(cancellation);

    public async Task<CachedRow[]> ReadAsync(IReadOnlyList<string> keys, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _queries);
        foreach (var key in keys)
            _reads.AddOrUpdate(key, 1, static (_, count) => count + 1);
        if (_hang is { } hang && Interlocked.Decrement(ref _hanging) >= 0)
            await WaitAsync(hang, CancellationToken.None);
        await PassAsync(cancellation);
        var rows = await catalog.ReadAsync(keys, cancellation);
        await WaitAsync(Interlocked.Exchange(ref _readAnswer, null), cancellation);
        return rows;
    }

    public async Task<CatalogWriteResult[]> WriteAsync(
        IReadOnlyList<CatalogWrite> writes, SlotEpoch? epoch, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _writes);
        await PassAsync(cancellation);
        var results = await catalog.WriteAsync(writes, epoch, cancellation);
        await WaitAsync(_writeAnswers, cancellation);
        return _loss is { } loss ? throw loss : results;
    }

    public async Task<IReadOnlyList<string>> ListKeysAsync(string? after, int limit, CancellationToken cancellation)
    {
        await PassAsync(cancellation);
        return await catalog.ListKeysAsync(after, limit, cancellation);
    }

    public async Task<CatalogChanges> ReadChangesAsync(
        FeedPosition? since, IReadOnlyList<int> slots, int limit, CancellationToken cancellation)
    {
        if (_changesRefusal is { } reason)
            throw new CatalogUnavailableException(reason);
        await PassAsync(cancellation);
        return await catalog.ReadChangesAsync(since, slots, limit, cancellation);
    }

    public async Task<long[]> RaiseEpochsAsync(IReadOnlyList<int> slots, CancellationToken cancellation)
    {
        await PassAsync(cancellation);
        return await catalog.RaiseEpochsAsync(slots, cancellation);
    }

    public async Task<IReadOnlyDictionary<string, string>> AgreeOnSettingsAsync(
        IReadOnlyDictionary<string, string> mine, CancellationToken cancellation)
    {
        await PassAsync(cancellation);
        return await catalog.AgreeOnSettingsAsync(mine, cancellation);
    }

    public async Task<IReadOnlyDictionary<string, string>> ForgetSettingsAsync(CancellationToken cancellation)
    {
        await PassAsync(cancellation);
        return await catalog.ForgetSettingsAsync(cancellation);
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

    private static IDisposable Hold(Action<TaskCompletionSource?> set)
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        set(gate);
        return new Undo(() =>
        {
            set(null);
            gate.TrySetResult();
        });
    }

    private async Task PassAsync(CancellationToken cancellation)
    {
        await WaitAsync(_gate, cancellation);
        if (_refusal is { } reason)
            throw new CatalogUnavailableException(reason);
    }

    private async Task WaitAsync(TaskCompletionSource? gate, CancellationToken cancellation)
    {
        if (gate is null)
            return;
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

    private sealed class Undo(Action action) : IDisposable
    {
        public void Dispose() => action();
    }
}

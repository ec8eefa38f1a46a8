using OrleansCache.Catalogs;
using OrleansCache.Proof.Schedules;

namespace OrleansCache.Proof.Faults;

/// <summary>
/// A silo's catalog that fails on order: commits are refused, or made but reported as unknown, or made some time after they were reported
/// as unknown.
/// </summary>
internal sealed class CatalogFaults(ICatalogStore catalog, FaultOrders orders, SplitMix64 random)
    : ICatalog, ITopologyStore, IAsyncDisposable
{
    /// <summary>The target of such an order: any silo.</summary>
    public const string Everybody = "catalog";

    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly List<Task> _late = [];

    public Task InitializeAsync(CancellationToken cancellation) => catalog.InitializeAsync(cancellation);

    public Task<CachedRow[]> ReadAsync(IReadOnlyList<string> keys, CancellationToken cancellation) => catalog.ReadAsync(keys, cancellation);

    public async Task<CatalogWriteResult[]> WriteAsync(
        IReadOnlyList<CatalogWrite> writes, SlotEpoch? epoch, CancellationToken cancellation)
    {
        // A write with an impossible expectation only looks for an earlier write with the same id; it commits nothing.
        if (writes.All(write => write.Expected.Version == long.MaxValue))
            return await catalog.WriteAsync(writes, epoch, cancellation);
        if (orders.Stands(Fault.FailCommit.Name, Everybody))
        {
            orders.Tell(Fault.FailCommit.Name);
            throw new CatalogUnavailableException("The catalog refuses the write, as ordered.");
        }

        if (!orders.Stands(Fault.LoseCommit.Name, Everybody))
            return await catalog.WriteAsync(writes, epoch, cancellation);
        if (Below(2) == 0)
            await catalog.WriteAsync(writes, epoch, cancellation);
        else
            WriteLater(writes, epoch);
        orders.Tell(Fault.LoseCommit.Name);
        throw new OutcomeUnknownException("The catalog's response was lost, as ordered.");
    }

    public Task<IReadOnlyList<string>> ListKeysAsync(string? after, int limit, CancellationToken cancellation) =>
        catalog.ListKeysAsync(after, limit, cancellation);

    public Task<CatalogChanges> ReadChangesAsync(
        FeedPosition? since, IReadOnlyList<int> slots, int limit, CancellationToken cancellation) =>
        catalog.ReadChangesAsync(since, slots, limit, cancellation);

    public Task<long[]> RaiseEpochsAsync(IReadOnlyList<int> slots, CancellationToken cancellation) =>
        catalog.RaiseEpochsAsync(slots, cancellation);

    public Task<IReadOnlyDictionary<string, string>> AgreeOnSettingsAsync(
        IReadOnlyDictionary<string, string> mine, CancellationToken cancellation) =>
        catalog.AgreeOnSettingsAsync(mine, cancellation);

    public Task<IReadOnlyDictionary<string, string>> ForgetSettingsAsync(CancellationToken cancellation) =>
        catalog.ForgetSettingsAsync(cancellation);

    public Task<StoredTopology?> ReadTopologyAsync(string region, CancellationToken cancellation) =>
        catalog.ReadTopologyAsync(region, cancellation);

    public Task<bool> WriteTopologyAsync(string region, StoredTopology topology, CancellationToken cancellation) =>
        catalog.WriteTopologyAsync(region, topology, cancellation);

    public async ValueTask DisposeAsync()
    {
        Task[] late;
        lock (_gate)
            late = [.. _late];
        // The author has its answer already, so a late failure cannot be reported.
        await Task.WhenAll(late).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await catalog.DisposeAsync();
    }

    private void WriteLater(IReadOnlyList<CatalogWrite> writes, SlotEpoch? epoch)
    {
        var delay = LongestDelay * (Below(1_000) / 1_000.0);
        lock (_gate)
        {
            _late.RemoveAll(write => write.IsCompleted);
            _late.Add(LaterAsync());
        }

        async Task LaterAsync()
        {
            await Task.Delay(delay);
            await catalog.WriteAsync(writes, epoch, CancellationToken.None);
        }
    }

    private int Below(int limit)
    {
        lock (_gate)
            return random.Below(limit);
    }
}

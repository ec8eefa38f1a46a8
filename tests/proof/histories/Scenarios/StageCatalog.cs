using OrleansCache.Catalogs;
using OrleansCache.TestSupport;

namespace OrleansCache.Proof.Scenarios;

/// <summary>
/// A catalog whose responses to reads a scenario may hold after the rows were read: later changes are not in them. So may it hold the reads
/// of the change feed.
/// </summary>
internal sealed class StageCatalog(ICatalog catalog) : ICatalog
{
    private Gate? _answers;
    private Gate? _changes;
    private int _changesRead;

    /// <summary>Holds the responses to reads from now on.</summary>
    public Gate HoldAnswers() => _answers = new("a response of the catalog");

    /// <summary>Holds the reads of the change feed from now on.</summary>
    public Gate HoldChanges() => _changes = new("a read of the change feed");

    /// <summary>Waits until the change feed was read so many times more.</summary>
    public Task ChangesWereReadAsync(int times)
    {
        var until = Volatile.Read(ref _changesRead) + times;
        return Eventually.IsTrueAsync(() => Volatile.Read(ref _changesRead) >= until, $"the change feed was read {times} times");
    }

    public void OpenAll()
    {
        _answers?.Open();
        _changes?.Open();
    }

    public Task InitializeAsync(CancellationToken cancellation) => catalog.InitializeAsync(cancellation);

    public async Task<CachedRow[]> ReadAsync(IReadOnlyList<string> keys, CancellationToken cancellation)
    {
        var rows = await catalog.ReadAsync(keys, cancellation);
        if (_answers is { } gate)
            await gate.PassAsync(() => Task.CompletedTask);
        return rows;
    }

    public Task<CatalogWriteResult[]> WriteAsync(
        IReadOnlyList<CatalogWrite> writes, SlotEpoch? epoch, CancellationToken cancellation) =>
        catalog.WriteAsync(writes, epoch, cancellation);

    public Task<IReadOnlyList<string>> ListKeysAsync(string? after, int limit, CancellationToken cancellation) =>
        catalog.ListKeysAsync(after, limit, cancellation);

    public async Task<CatalogChanges> ReadChangesAsync(
        FeedPosition? since, IReadOnlyList<int> slots, int limit, CancellationToken cancellation)
    {
        if (_changes is { } gate)
            await gate.PassAsync(() => Task.CompletedTask);
        var changes = await catalog.ReadChangesAsync(since, slots, limit, cancellation);
        Interlocked.Increment(ref _changesRead);
        return changes;
    }

    public Task<long[]> RaiseEpochsAsync(IReadOnlyList<int> slots, CancellationToken cancellation) =>
        catalog.RaiseEpochsAsync(slots, cancellation);

    public Task<IReadOnlyDictionary<string, string>> AgreeOnSettingsAsync(
        IReadOnlyDictionary<string, string> mine, CancellationToken cancellation) =>
        catalog.AgreeOnSettingsAsync(mine, cancellation);

    public Task<IReadOnlyDictionary<string, string>> ForgetSettingsAsync(CancellationToken cancellation) =>
        catalog.ForgetSettingsAsync(cancellation);
}

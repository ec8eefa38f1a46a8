using OrleansCache.Catalogs;

namespace OrleansCache.Proof.Scenarios;

/// <summary>A catalog whose responses to reads a scenario may hold after the rows were read: later changes are not in them.</summary>
internal sealed class StageCatalog(ICatalog catalog) : ICatalog
{
    private Gate? _answers;

    /// <summary>Holds the responses to reads from now on.</summary>
    public Gate HoldAnswers() => _answers = new("a response of the catalog");

    public void OpenAll() => _answers?.Open();

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

    public Task<CachedRow[]> FenceAsync(IReadOnlyList<string> keys, CancellationToken cancellation) =>
        catalog.FenceAsync(keys, cancellation);

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
}

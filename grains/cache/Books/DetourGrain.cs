using Orleans.Concurrency;

namespace OrleansCache.Books;

/// <inheritdoc cref="IDetourGrain"/>
[StatelessWorker(1)]
internal sealed class DetourGrain(BookLoader loader) : Grain, IDetourGrain
{
    private readonly Dictionary<string, Task<Loaded>> _loads = [];

    /// <inheritdoc/>
    public async ValueTask<LookupAnswer> LookupAsync(string book, LookupOptions options, CancellationToken cancellation)
    {
        BookKey.Validate(book);
        // Those who look for the same book share a load, unless they ask for one that begins after they asked.
        var load = options.Fresh ? loader.LoadAsync(book, fresh: true) : JoinLoad(book);
        var loaded = await load.WaitAsync(cancellation);
        loaded.Check(book, options);
        loader.Counters.CountHit(loaded.Tier);
        return new(loaded.Copy, loaded.Tier, loader.Region, loader.NodeNameOf(book), loaded.TimeToLive, loaded.Age, loaded.Flags);
    }

    private Task<Loaded> JoinLoad(string book) => _loads.TryGetValue(book, out var running) ? running : _loads[book] = LoadAsync(book);

    private async Task<Loaded> LoadAsync(string book)
    {
        // Not before it stands among the loads, or it would stay there.
        await Task.Yield();
        try
        {
            return await loader.LoadAsync(book, fresh: false);
        }
        finally
        {
            _loads.Remove(book);
        }
    }
}

using Orleans.Concurrency;
using OrleansCache.Entries;

namespace OrleansCache.Lookups;

/// <inheritdoc cref="IDirectoryBypassGrain"/>
[StatelessWorker(1), GrainType("detour")]
internal sealed class DirectoryBypassGrain(EntryLoader loader) : Grain, IDirectoryBypassGrain
{
    /// <inheritdoc/>
    public async ValueTask<LookupAnswer> LookupAsync(string key, LookupOptions options, CancellationToken cancellation)
    {
        CacheKey.Validate(key);
        // Nothing is kept, so nobody else may be answered from it: those who look for the same book share what the owner reads, not this.
        var loaded = await loader.LoadAsync(key, held: null, options.Fresh, takesLease: false).WaitAsync(cancellation);
        loaded.Check(options);
        loader.Counters.CountHit(loaded.Tier);
        return loader.Answer(loaded.Row, loaded.Tier, loaded.Lifetime, loaded.Flags, kept: null, client: default);
    }

    /// <inheritdoc/>
    public Task PingAsync() => Task.CompletedTask;
}

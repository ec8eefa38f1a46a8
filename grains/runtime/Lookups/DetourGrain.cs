using Orleans.Concurrency;
using OrleansCache.Entries;

namespace OrleansCache.Lookups;

/// <inheritdoc cref="IDetourGrain"/>
[StatelessWorker(1)]
internal sealed class DetourGrain(BookLoader loader) : Grain, IDetourGrain
{
    /// <inheritdoc/>
    public async ValueTask<LookupAnswer> LookupAsync(string book, LookupOptions options, CancellationToken cancellation)
    {
        CacheKey.Validate(book);
        // Nothing is kept, so nobody else may be answered from it: those who look for the same book share what the owner reads, not this.
        var loaded = await loader.LoadAsync(book, held: null, options.Fresh, takesLease: false).WaitAsync(cancellation);
        loaded.Check(options);
        loader.Counters.CountHit(loaded.Tier);
        return loader.Answer(loaded.Copy, loaded.Tier, loaded.Tenure, loaded.Flags, kept: null, client: default);
    }

    /// <inheritdoc/>
    public Task PingAsync() => Task.CompletedTask;
}

namespace OrleansCache.Http;

/// <summary>Asks all regions at once, so that one that does not answer costs its time and not the answer of the others.</summary>
internal sealed class RegionAnswers(RegionMap regions, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>What each region answers, in the configured order: a value, or why there is none.</summary>
    public Task<(string Region, T? Answer, string? Problem)[]> AskAsync<T>(
        Func<string, CancellationToken, Task<T>> ask, CancellationToken cancellation)
        where T : class =>
        Task.WhenAll(regions.Names.Select(region => AskAsync(region, ask, cancellation)));

    private async Task<(string Region, T? Answer, string? Problem)> AskAsync<T>(
        string region, Func<string, CancellationToken, Task<T>> ask, CancellationToken cancellation)
        where T : class
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            return (region, await ask(region, either.Token).ConfigureAwait(false), null);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (region, null, $"The region \"{region}\" did not answer within {Patience.TotalSeconds:0} s.");
        }
        catch (CacheException error)
        {
            return (region, null, error.Message);
        }
    }
}

using OrleansCache.Cli.Sessions;
using OrleansCache.Client;

namespace OrleansCache.Cli.Demo;

/// <summary>A running cluster with the shipped books, and the books that nobody has asked it for yet.</summary>
internal sealed class Stage(LocalSession session, IReadOnlyList<string> keys)
{
    private int _next;

    public LocalSession Session => session;

    public IReadOnlyList<string> Regions => session.Regions.Names;

    /// <summary>All books of the catalog.</summary>
    public IReadOnlyList<string> Keys => keys;

    /// <summary>A book that no scene has asked for before.</summary>
    public string ColdKey() => keys[_next++ % keys.Count];

    public ValueTask<LookupResult> LookUpAsync(string key, string region, CancellationToken cancellation) =>
        session.Cache.GetAsync(key, new GetOptions { Region = region }, cancellation);

    public async Task<IReadOnlyList<SiloStatistics>> StatisticsAsync(CancellationToken cancellation)
    {
        var regions = await Task.WhenAll(Regions.Select(region => session.Operations.GetStatisticsAsync(region, cancellation))).ConfigureAwait(false);
        return [.. regions.SelectMany(silos => silos)];
    }
}

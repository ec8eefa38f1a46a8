using OrleansCache.Cli.Output.Reports;
using OrleansCache.Cli.Sessions;
using OrleansCache.Client;

namespace OrleansCache.Cli.Demo;

/// <summary>One property of the cache, shown on a running cluster and checked.</summary>
internal interface IScene
{
    /// <summary>The property in a few words.</summary>
    string Title { get; }

    Task<SceneReport> PlayAsync(Stage stage, CancellationToken cancellation);
}

/// <summary>A running cluster with the shipped books. It hands out books that have not been looked up yet.</summary>
internal sealed class Stage(LocalSession session, IReadOnlyList<string> keys)
{
    private int _next;

    public LocalSession Session => session;

    public IReadOnlyList<string> Regions => session.Regions.Names;

    /// <summary>All books of the catalog.</summary>
    public IReadOnlyList<string> Keys => keys;

    /// <summary>A book that no scene has looked up before.</summary>
    public string ColdKey() => keys[_next++ % keys.Count];

    public ValueTask<LookupResult> LookUpAsync(string key, string region, CancellationToken cancellation) =>
        session.Cache.GetAsync(key, new GetOptions { Region = region }, cancellation);

    public async Task<IReadOnlyList<SiloStatistics>> StatisticsAsync(CancellationToken cancellation)
    {
        var asked = Regions.Select(region => session.Operations.GetStatisticsAsync(region, cancellation));
        var regions = await Task.WhenAll(asked).ConfigureAwait(false);
        return [.. regions.SelectMany(silos => silos)];
    }
}

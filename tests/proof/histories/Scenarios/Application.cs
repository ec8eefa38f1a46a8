using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansCache.Client;
using OrleansCache.LocalClusters;
using OrleansCache.Proof.Histories;
using OrleansCache.TestSupport;

namespace OrleansCache.Proof.Scenarios;

/// <summary>
/// An application in a region whose calls and results are recorded. Its timeouts are longer than a scenario holds a response.
/// </summary>
internal sealed class Application : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    private readonly IHost _host;
    private readonly IBookCache _cache;
    private readonly string _region;
    private readonly History _history;

    private Application(IHost host, string region, History history) =>
        (_host, _cache, _region, _history) = (host, host.Services.GetRequiredService<IBookCache>(), region, history);

    /// <summary>The location of the calls of a region's application.</summary>
    public static string In(string region) => $"an application in {region}";

    public static async Task<Application> StartAsync(LocalCluster cluster, string region, bool isNear, CallScript script, History history)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddBookCache(options =>
        {
            options.Home = cluster.Regions.Home;
            options.AttemptBudget = options.Deadline = options.OperationTimeout = Patience;
            if (!isNear)
                options.NearCacheBytes = 0;
            options.ConfigureClient = client =>
            {
                client.AddOutgoingGrainCallFilter(new OutgoingCalls(script, In(region)));
            };
            foreach (var other in cluster.Regions.Names)
            {
                var described = new ClientRegionOptions { Name = other };
                foreach (var gateway in cluster.Gateways[other])
                    described.Gateways.Add(gateway.ToString());
                options.Regions.Add(described);
            }
        });
        var host = builder.Build();
        await host.StartAsync();
        return new(host, region, history);
    }

    /// <summary>Looks the book up. Flagged answers are refused: nothing is promised for them, so they would prove nothing.</summary>
    /// <returns>The tier that answered.</returns>
    public async Task<Tier> ReadAsync(bool fresh = false)
    {
        var call = _history.Begin(_region, Stage.Book, CallKind.Read);
        var result = await _cache.GetAsync(Stage.Book, new() { Region = _region, Fresh = fresh, RequireCoherent = true });
        call.End(new Outcome.Saw(new(result.Version, ""), result.Book?.Title));
        return result.Tier;
    }

    /// <summary>Looks the book up until the near cache answers.</summary>
    public Task HoldNearAsync() =>
        Eventually.IsTrueAsync(async () => await ReadAsync() is Tier.Near, "the book is answered by the near cache");

    public async Task EditAsync()
    {
        var id = Guid.NewGuid();
        var call = _history.Begin(_region, Stage.Book, CallKind.Put, id.ToString());
        var receipt = await _cache.PutAsync(Stage.Book, new Book(id.ToString()), new() { Id = id });
        call.End(new Outcome.Acked(new(receipt.Version, "")));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}

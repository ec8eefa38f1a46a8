using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansCache.Catalogs;
using OrleansCache.LocalClusters;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Silo;

/// <summary>Silo processes that share a SQLite file: each reads what the others write, and writes are durable.</summary>
public sealed class SharedCatalogTests
{
    private const int Changes = 10;
    private const string Key = "book::1984";

    [Fact]
    public async Task Changes_through_two_silos_are_durable_and_both_read_them_after_both_were_killed()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var scene = new SiloScene(redis.ConnectionString);
        string[] regions = ["europe", "asia"];
        var silos = await Task.WhenAll(regions.Select(region => scene.StartAsync(scene.Silo(region))));
        await Task.WhenAll(silos.Select(AddNodesAsync));
        await StoreBookAsync(silos[1]);

        await Task.WhenAll(silos.Select(silo => silo.KillAsync()));

        // This process is the third one that opens the file.
        await using (var catalog = new SqliteCatalog(scene.CatalogFile))
        {
            foreach (var region in regions)
            {
                var kept = await catalog.ReadTopologyAsync(region, CancellationToken.None);
                Assert.Equal((Changes, Changes + 1), (kept!.Version, kept.Nodes.Length));
            }
        }

        var again = await Task.WhenAll(silos.Select(silo => scene.StartAsync(silo.Options)));
        foreach (var silo in again)
        {
            using var client = await SiloScene.EnterAsync(silo);
            var grains = client.Services.GetRequiredService<IGrainFactory>();
            var ring = await grains.GetGrain<IRegionRouterGrain>(silo.Options.Region).GetRingAsync();
            Assert.Equal(Changes + 1, ring.Nodes.Length);
            var book = grains.GetGrain<IBookGrain>($"{silo.Options.Region}/{Key}");
            var answer = await book.LookupAsync(new LookupOptions(), CancellationToken.None);
            Assert.Equal(1, answer!.Row.Identity.Version);
        }
    }

    private static async Task StoreBookAsync(SiloProcess silo)
    {
        using var client = await SiloScene.EnterAsync(silo);
        var owner = client.Services.GetRequiredService<IGrainFactory>().GetGrain<IOwnerGrain>($"{CacheKey.Parse(Key).SlotOf(64)}");
        var payload = BookPayload.Encode(new Book("1984", "George Orwell"));
        var result = Assert.Single(await owner.EditAsync([new Edit(Guid.NewGuid(), Key, payload)], CancellationToken.None));
        Assert.Equal(EditOutcome.Created, result.Outcome);
    }

    private static async Task AddNodesAsync(SiloProcess silo)
    {
        using var client = await SiloScene.EnterAsync(silo);
        var router = client.Services.GetRequiredService<IGrainFactory>().GetGrain<IRegionRouterGrain>(silo.Options.Region);
        for (var i = 1; i <= Changes; i++)
            await router.AddNodeAsync($"added-{i}", $"memory:added-{i}", 100);
        await client.StopAsync();
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansCache.Client;
using OrleansCache.LocalClusters;
using OrleansCache.TestSupport;
using Xunit;

namespace OrleansCache.Tests.Console;

[Collection(ClusterCollection.Name)]
public sealed class RegionClientTests(ClusterFixture cluster)
{
    [Fact]
    public async Task A_region_that_cannot_be_reached_neither_stops_the_start_nor_its_readers()
    {
        using var host = Build(unreachable: "asia");
        await host.StartAsync().WaitAsync(Eventually.Bound);

        var result = await host.Services.GetRequiredService<IBookCache>().GetAsync("book::1984", new GetOptions { Region = "asia" });

        Assert.Equal("europe", result.Region);
        // It is known to be down, so the lookup has not even tried it.
        Assert.Empty(result.FailedAttempts);
        Assert.NotNull(host.Services.GetRequiredService<ICacheOperations>().ConnectionOf("asia").Problem);
    }

    [Fact]
    public async Task An_operation_on_a_region_goes_through_another_one_when_its_own_gateways_are_gone()
    {
        using var host = Build(unreachable: "asia");
        await host.StartAsync().WaitAsync(Eventually.Bound);

        var ring = await host.Services.GetRequiredService<ICacheOperations>().GetRingAsync("asia");

        Assert.Equal("asia", ring.Region);
    }

    [Fact]
    public async Task A_client_that_has_lost_its_list_of_grains_is_replaced()
    {
        var (time, first, made) = (new ManualTimeProvider(), ForgetfulClient.Create(), 0);
        using var host = Build(time: time, configure: options =>
        {
            options.AttemptBudget = TimeSpan.FromMilliseconds(300);
            options.Deadline = TimeSpan.FromMilliseconds(600);
            options.NearCacheBytes = 0;
            var connect = options.ConfigureClient;
            options.ConfigureClient = client =>
            {
                connect?.Invoke(client);
                if (Interlocked.Increment(ref made) <= options.Regions.Count)
                    client.Services.AddSingleton(first);
            };
        });
        await host.StartAsync().WaitAsync(Eventually.Bound);
        var cache = host.Services.GetRequiredService<IBookCache>();
        ((ForgetfulClient)first).HasForgotten = true;

        var operations = host.Services.GetRequiredService<ICacheOperations>();
        await Eventually.IsTrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(25));
                return operations.ConnectionOf("europe").IsConnected && Volatile.Read(ref made) > 3;
            },
            "a new client is connected");

        Assert.Equal("europe", (await cache.GetAsync("book::1984", new GetOptions { Region = "europe" })).Region);
    }

    [Fact]
    public async Task Without_a_host_the_first_use_connects()
    {
        // The host is built and not started.
        using var lookups = Build();
        Assert.Equal(
            "europe",
            (await lookups.Services.GetRequiredService<IBookCache>().GetAsync("book::1984", new GetOptions { Region = "europe" })).Region);
        using var operations = Build();
        Assert.Equal("asia", (await operations.Services.GetRequiredService<ICacheOperations>().GetRingAsync("asia")).Region);
        using var edits = Build();
        var receipt = await edits.Services.GetRequiredService<IBookCache>().PutAsync("book::first", new("First"));
        Assert.Equal(EditOutcome.Created, receipt.Outcome);
    }

    [Fact]
    public async Task The_distance_of_a_region_is_measured_when_it_is_connected()
    {
        using var host = Build();
        await host.StartAsync().WaitAsync(Eventually.Bound);

        Assert.NotNull(host.Services.GetRequiredService<ICacheOperations>().ConnectionOf("asia").RoundTrip);
    }

    [Fact]
    public async Task Settings_that_cannot_work_stop_the_start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddBookCache(options => options.Home = "europe");
        using var host = builder.Build();

        var error = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync());

        Assert.Contains("No region is configured", error.Message);
    }

    [Fact]
    public async Task Books_are_stored_in_their_order_and_all_outcomes_are_returned()
    {
        var operations = cluster.Session.Operations;
        var books = Enumerable.Range(0, 500).Select(i => Write($"book::stored-{i}", $"Title {i}")).ToList();

        var created = await operations.StoreAsync(books);
        books[100] = Write("book::stored-100", "Another title");
        var again = await operations.StoreAsync(books);

        Assert.All(created, outcome => Assert.Equal(EditOutcome.Created, outcome));
        Assert.Equal(EditOutcome.Updated, again[100]);
        Assert.Equal(499, again.Count(outcome => outcome == EditOutcome.Unchanged));
    }

    [Fact]
    public async Task An_invalid_key_in_a_batch_refuses_all_books()
    {
        var operations = cluster.Session.Operations;
        await Assert.ThrowsAsync<InvalidKeyException>(() => operations.StoreAsync([Write("book::kept-out", "Good"), Write("", "Bad")]));

        var result = await cluster.Session.Cache.GetAsync("book::kept-out", new GetOptions { Fresh = true });
        Assert.False(result.Found);
    }

    private static KeyedPayload Write(string key, string title) => new(key, BookPayload.Encode(new Book(title)));

    private IHost Build(string? unreachable = null, Action<CacheClientOptions>? configure = null, TimeProvider? time = null)
    {
        var local = cluster.Session.Cluster;
        var builder = Host.CreateEmptyApplicationBuilder(null);
        if (time is not null)
            builder.Services.AddSingleton(time);
        builder.Services.AddBookCache(options =>
        {
            options.Home = local.Regions.Home;
            // The test is about whether there is a response, not how fast: the machine may be busy.
            options.AttemptBudget = TimeSpan.FromSeconds(5);
            options.Deadline = TimeSpan.FromSeconds(20);
            foreach (var name in local.Regions.Names)
            {
                var gateways = name == unreachable
                    ? [$"127.0.0.1:{FreePort.Find()}"]
                    : local.Gateways[name].Select(gateway => gateway.ToString());
                var region = new ClientRegionOptions { Name = name };
                foreach (var gateway in gateways)
                    region.Gateways.Add(gateway);
                options.Regions.Add(region);
            }

            configure?.Invoke(options);
        });
        return builder.Build();
    }
}

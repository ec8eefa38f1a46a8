using System.Text.Json;
using OrleansCache.Cli;
using OrleansCache.TestSupport;
using OrleansCache.Tests.Console.Commands;
using Xunit;

namespace OrleansCache.Tests.Console;

/// <summary>Inspecting and purging entries.</summary>
[Collection(ClusterCollection.Name)]
public sealed class EntryCommandTests(ClusterFixture cluster)
{
    [Fact]
    public async Task A_book_is_watched_where_it_is_held_and_is_not_loaded()
    {
        await WarmAsync("book::hamlet", "asia");

        var run = await RunAsync("watch book::hamlet --json");
        var again = await RunAsync("watch book::hamlet --region europe --region asia --json");

        Assert.Equal(ConsoleExitCode.Done, run.ExitCode);
        Assert.Equal(["europe", "asia", "northamerica"], Regions(run).Select(region => region.GetProperty("region").GetString()));
        Assert.Equal(["europe", "asia"], Regions(again).Select(region => region.GetProperty("region").GetString()));
        var silo = Entries(again, "asia").First();
        var (holder, tier) = (silo.GetProperty("holder").GetString(), silo.GetProperty("tier").GetString());
        Assert.Equal(("asia.1", "silo", 1), (holder, tier, silo.GetProperty("version").GetInt64()));
        Assert.InRange(silo.GetProperty("leaseMs").GetDouble(), 0, 10_000);
        Assert.InRange(silo.GetProperty("timeToLiveMs").GetDouble(), 1, 600_000);
        Assert.Empty(Entries(again, "europe"));
        Assert.Contains("not held", (await RunAsync("watch book::hamlet --region europe")).Out);
    }

    [Fact]
    public async Task Entries_of_a_key_are_purged_in_all_regions_or_in_one()
    {
        string[] regions = ["europe", "asia", "northamerica"];
        foreach (var region in regions)
            await WarmAsync("book::moby-dick", region);

        var one = await RunAsync("purge book::moby-dick --region asia --json");
        var left = await RunAsync("watch book::moby-dick --json");
        var all = await RunAsync("purge book::moby-dick");
        var none = await RunAsync("watch book::moby-dick --json");

        Assert.Equal((ConsoleExitCode.Done, ConsoleExitCode.Done), (one.ExitCode, all.ExitCode));
        Assert.Equal("asia.1", Assert.Single(Regions(one)).GetProperty("silos")[0].GetString());
        Assert.Equal([true, false, true], regions.Select(region => Entries(left, region).Any()));
        Assert.Matches("europe +1 of 1", all.Out);
        Assert.All(regions, region => Assert.Empty(Entries(none, region)));
        Assert.Equal(ConsoleExitCode.Done, (await RunAsync("lookup book::moby-dick --region asia")).ExitCode);
    }

    [Fact]
    public async Task A_whole_region_is_purged_and_its_books_are_loaded_again()
    {
        await WarmAsync("book::1984", "northamerica");
        await WarmAsync("book::dune", "europe");

        var run = await RunAsync("purge --region northamerica --json");

        Assert.Equal(ConsoleExitCode.Done, run.ExitCode);
        Assert.True(Assert.Single(Regions(run)).GetProperty("entries").GetInt64() >= 1);
        Assert.Empty(Entries(await RunAsync("watch book::1984 --json"), "northamerica"));
        Assert.NotEmpty(Entries(await RunAsync("watch book::dune --json"), "europe"));
        Assert.Equal(ConsoleExitCode.Done, (await RunAsync("lookup book::1984 --region northamerica")).ExitCode);
    }

    [Theory]
    [InlineData("purge --region mars")]
    [InlineData("purge book::1984 --region mars")]
    [InlineData("watch book::1984 --region mars")]
    public async Task A_region_that_is_not_configured_is_bad_usage(string line)
    {
        var run = await RunAsync(line);
        Assert.Equal(ConsoleExitCode.BadUsage, run.ExitCode);
        Assert.Contains("\"mars\"", run.Error);
    }

    /// <summary>Looks a book up, and waits until the region's node has it too: it is written after the response was sent.</summary>
    private async Task WarmAsync(string key, string region)
    {
        // Another test may have changed the ring after the book was loaded into memory; its node would not be written again.
        await RunAsync($"purge {key} --region {region}");
        await RunAsync($"lookup {key} --region {region}");
        await Eventually.IsTrueAsync(
            async () => Entries(await RunAsync($"watch {key} --json"), region)
                .Any(entry => entry.GetProperty("tier").GetString() == "redis"),
            $"the node of {region} has {key}");
    }

    private static IEnumerable<JsonElement> Regions(ConsoleRun run) => run.Json.GetProperty("regions").EnumerateArray();

    private static IEnumerable<JsonElement> Entries(ConsoleRun run, string region) =>
        Regions(run).Single(entry => entry.GetProperty("region").GetString() == region).GetProperty("copies").EnumerateArray();

    private Task<ConsoleRun> RunAsync(string line) => ConsoleRun.OfAsync(line, cluster.Sessions);
}

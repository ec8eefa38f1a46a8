using OrleansCache.Cli;
using OrleansCache.Tests.Console.Commands;
using Xunit;

namespace OrleansCache.Tests.Console;

[Collection(ClusterCollection.Name)]
public sealed class LookupCommandTests(ClusterFixture cluster)
{
    [Theory]
    [InlineData("europe")]
    [InlineData("asia")]
    [InlineData("northamerica")]
    public async Task A_book_is_found_in_each_region_and_is_in_memory_the_next_time(string region)
    {
        var first = await RunAsync($"lookup book::iliad --region {region} --json");
        var second = await RunAsync($"lookup book::iliad --region {region} --json");

        Assert.Equal((ConsoleExitCode.Done, ConsoleExitCode.Done), (first.ExitCode, second.ExitCode));
        var entry = second.Json.GetProperty("lookups")[0];
        Assert.Equal("The Iliad", entry.GetProperty("book").GetProperty("title").GetString());
        Assert.Equal(("silo", region), (entry.GetProperty("tier").GetString(), entry.GetProperty("region").GetString()));
        Assert.Equal($"{region}-1", entry.GetProperty("node").GetString());
        Assert.InRange(entry.GetProperty("timeToLiveMs").GetDouble(), 1, 600_000);
    }

    [Fact]
    public async Task The_readable_output_shows_the_book_and_where_it_came_from()
    {
        var run = await RunAsync("lookup book::1984 --region asia");
        Assert.Equal(ConsoleExitCode.Done, run.ExitCode);
        Assert.Contains("1984 · by George Orwell · 1949", run.Out);
        Assert.Contains("region asia · node asia-1", run.Out);
        Assert.Contains("version 1 from", run.Out);
        Assert.Contains("TTL", run.Out);
    }

    [Fact]
    public async Task Fresh_reads_the_catalog()
    {
        await RunAsync("lookup book::dune --region asia");
        var run = await RunAsync("lookup book::dune --region asia --fresh --json");
        Assert.Equal("catalog", run.Json.GetProperty("lookups")[0].GetProperty("tier").GetString());
    }

    [Fact]
    public async Task A_book_that_does_not_exist_is_not_found()
    {
        var run = await RunAsync("lookup book::no-such-book --json");
        Assert.Equal(ConsoleExitCode.NotFound, run.ExitCode);
        Assert.False(run.Json.GetProperty("lookups")[0].GetProperty("found").GetBoolean());
    }

    [Fact]
    public async Task A_key_without_its_prefix_gets_a_hint()
    {
        var run = await RunAsync("lookup 1984 --region europe");
        Assert.Equal(ConsoleExitCode.NotFound, run.ExitCode);
        Assert.Contains("There is a book book::1984", run.Out);
    }

    [Fact]
    public async Task Of_several_books_one_that_is_missing_decides_the_exit_code()
    {
        var found = await RunAsync("lookup book::1984 book::dune --json");
        var missing = await RunAsync("lookup book::1984 book::no-such-book");
        Assert.Equal((ConsoleExitCode.Done, 2), (found.ExitCode, found.Json.GetProperty("lookups").GetArrayLength()));
        Assert.Equal(ConsoleExitCode.NotFound, missing.ExitCode);
        Assert.Contains("George Orwell", missing.Out);
    }

    [Fact]
    public async Task A_region_that_is_not_configured_is_bad_usage_and_the_known_ones_are_named()
    {
        var run = await RunAsync("lookup book::1984 --region mars");
        Assert.Equal(ConsoleExitCode.BadUsage, run.ExitCode);
        Assert.Contains("\"mars\"", run.Error);
        Assert.Contains("europe, asia, northamerica", run.Error);
    }

    private Task<ConsoleRun> RunAsync(string line) => ConsoleRun.OfAsync(line, cluster.Sessions);
}

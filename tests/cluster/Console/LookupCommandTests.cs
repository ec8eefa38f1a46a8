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

    [Theory]
    [InlineData("book::book::1984", "There is a book book::1984.")]
    [InlineData("book::Book::1984", "There is a book book::1984.")]
    [InlineData("book::Dune", "There is a book book::dune.")]
    [InlineData("book::60935464", "There is a book book::9780060935467.")]
    [InlineData("60935464", "There is a book book::9780060935467: keys begin with \"book::\".")]
    public async Task A_miss_hints_at_the_key_that_there_is(string key, string hint)
    {
        await RunAsync("put book::0060935464 --title \"To Kill a Mockingbird\"");
        var run = await RunAsync($"lookup {key}");
        Assert.Equal(ConsoleExitCode.NotFound, run.ExitCode);
        Assert.Contains(hint, run.Out);
    }

    [Theory]
    [InlineData("BOOK::1984")]
    [InlineData("Book::1984")]
    [InlineData("' book::1984 '")]
    public async Task A_prefix_in_another_case_and_blanks_are_mended(string key)
    {
        var run = await RunAsync($"lookup {key}");
        Assert.Equal(ConsoleExitCode.Done, run.ExitCode);
        Assert.StartsWith("book::1984", run.Out);
    }

    [Fact]
    public async Task A_key_in_either_form_of_Unicode_is_one_book_and_an_invisible_character_is_named()
    {
        await RunAsync("put book::cafe\u0301 --title NFD");
        Assert.Contains("NFD", (await RunAsync("lookup book::caf\u00E9")).Out);
        foreach (var line in (string[])["lookup KEY", "put KEY --title T", "remove KEY", "watch KEY", "purge KEY", "ring asia KEY"])
        {
            var run = await RunAsync(line.Replace("KEY", "book::1984\u200B", StringComparison.Ordinal));
            Assert.Equal(ConsoleExitCode.BadUsage, run.ExitCode);
            Assert.Contains("U+200B", run.Error);
        }
    }

    [Fact]
    public async Task A_put_without_the_prefix_says_so_and_an_empty_name_is_refused()
    {
        Assert.Contains("has no \"book::\" before it", (await RunAsync("put 1984b --title T")).Out);
        var run = await RunAsync("put book:: --title T");
        Assert.Equal(ConsoleExitCode.BadUsage, run.ExitCode);
        Assert.Contains("no name", run.Error);
    }

    [Fact]
    public async Task Every_form_of_an_ISBN_is_watched_purged_and_removed_as_one_book()
    {
        await RunAsync("put book::0-8044-2957-X --title Xenophon");
        await RunAsync("lookup book::080442957x");
        Assert.StartsWith("book::9780804429573", (await RunAsync("watch book::0-8044-2957-x")).Out.TrimStart());
        Assert.Contains("Xenophon", (await RunAsync("watch book::0-8044-2957-x")).Out);
        Assert.Equal(ConsoleExitCode.Done, (await RunAsync("purge book::080442957X")).ExitCode);
        Assert.Equal(3, (await RunAsync("watch book::9780804429573")).Out.Split("not held").Length - 1);
        Assert.Equal(ConsoleExitCode.Done, (await RunAsync("ring asia book::080442957X")).ExitCode);
        Assert.Equal(ConsoleExitCode.Done, (await RunAsync("remove book::978-0-8044-2957-3")).ExitCode);
        Assert.Equal(ConsoleExitCode.NotFound, (await RunAsync("lookup book::080442957X")).ExitCode);
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

using OrleansCache.Cli;
using OrleansCache.Tests.Console.Commands;
using Xunit;

namespace OrleansCache.Tests.Console;

[Collection(ClusterCollection.Name)]
public sealed class EditCommandTests(ClusterFixture cluster)
{
    [Fact]
    public async Task A_book_is_created_updated_and_then_unchanged_and_every_region_sees_it()
    {
        foreach (var region in cluster.Session.Regions.Names)
            Assert.Equal(ConsoleExitCode.NotFound, (await RunAsync($"lookup book::put --region {region}")).ExitCode);

        var created = await RunAsync(
            "put book::put --title First --author \"A; B\" --year -750 --genre Epic --isbn 123 --description \"- short\"");
        var updated = await RunAsync("put book::put --title Second --json");
        var unchanged = await RunAsync("put book::put --title Second");

        Assert.All([created, updated, unchanged], run => Assert.Equal(ConsoleExitCode.Done, run.ExitCode));
        Assert.Matches(@"^book::put created · version 1 · \d.* m?s\s*$", created.Out);
        Assert.Equal(("updated", 2), (updated.Json.GetProperty("outcome").GetString(), updated.Json.GetProperty("version").GetInt64()));
        Assert.True(updated.Json.GetProperty("elapsedMs").GetDouble() > 0);
        Assert.StartsWith("book::put unchanged · version 2", unchanged.Out);
        foreach (var region in cluster.Session.Regions.Names)
            Assert.Contains("Second", (await RunAsync($"lookup book::put --region {region}")).Out);
    }

    [Fact]
    public async Task What_is_put_is_what_was_typed()
    {
        await RunAsync(
            "put book::typed --title \"The Title\" --author \"A; B\" --year -750 --genre Epic --isbn 123 --description \"- short\"");
        var book = (await RunAsync("lookup book::typed --json")).Json.GetProperty("lookups")[0].GetProperty("book");
        Assert.Equal(
            ("The Title", "A; B", -750, "Epic", "123", "- short"),
            (book.GetProperty("title").GetString(), book.GetProperty("author").GetString(), book.GetProperty("year").GetInt32(),
            book.GetProperty("genre").GetString(), book.GetProperty("isbn").GetString(), book.GetProperty("description").GetString()));
    }

    [Fact]
    public async Task An_edit_of_an_outdated_version_is_a_conflict_that_shows_the_current_one()
    {
        await RunAsync("put book::conflict --title One");
        Assert.Equal(ConsoleExitCode.Done, (await RunAsync("put book::conflict --title Two --expect 1")).ExitCode);

        var late = await RunAsync("put book::conflict --title Three --expect 1");
        var notNew = await RunAsync("put book::conflict --title Three --new --json");
        var removal = await RunAsync("remove book::conflict --expect 1");

        Assert.All([late, notNew, removal], run => Assert.Equal(ConsoleExitCode.Conflict, run.ExitCode));
        Assert.Contains("version 1 was expected", late.Error);
        Assert.Contains("Two", late.Error);
        Assert.Empty(late.Out);
        Assert.Equal("conflict", notNew.Json.GetProperty("error").GetProperty("code").GetString());
        var current = notNew.Json.GetProperty("current");
        Assert.Equal(("Two", 2), (current.GetProperty("book").GetProperty("title").GetString(), current.GetProperty("version").GetInt64()));
    }

    [Fact]
    public async Task A_removed_book_is_gone_everywhere_and_cannot_be_removed_again()
    {
        await RunAsync("put book::removed --title Short-lived --new");
        foreach (var region in cluster.Session.Regions.Names)
            await RunAsync($"lookup book::removed --region {region}");

        var removed = await RunAsync("remove book::removed --expect 1 --json");
        var again = await RunAsync("remove book::removed");

        Assert.Equal((ConsoleExitCode.Done, "removed"), (removed.ExitCode, removed.Json.GetProperty("outcome").GetString()));
        Assert.Equal(ConsoleExitCode.NotFound, again.ExitCode);
        Assert.StartsWith("There is no book book::removed", again.Out);
        foreach (var region in cluster.Session.Regions.Names)
            Assert.Equal(ConsoleExitCode.NotFound, (await RunAsync($"lookup book::removed --region {region}")).ExitCode);
        Assert.Equal(ConsoleExitCode.Done, (await RunAsync("put book::removed --title \"Here again\" --new")).ExitCode);
    }

    [Fact]
    public async Task An_edit_that_is_repeated_with_its_id_is_made_once()
    {
        var line = $"put book::repeated --title Once --new --id {Guid.NewGuid()}";
        var first = await RunAsync(line);
        var second = await RunAsync(line);
        Assert.Equal((ConsoleExitCode.Done, ConsoleExitCode.Done), (first.ExitCode, second.ExitCode));
        Assert.Contains("version 1", second.Out);
    }

    private Task<ConsoleRun> RunAsync(string line) => ConsoleRun.OfAsync(line, cluster.Sessions);
}

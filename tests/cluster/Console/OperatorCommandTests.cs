using OrleansCache.Cli;
using OrleansCache.Client.Import;
using OrleansCache.TestSupport;
using OrleansCache.Tests.Console.Commands;
using Xunit;

namespace OrleansCache.Tests.Console;

[Collection(ClusterCollection.Name)]
public sealed class OperatorCommandTests(ClusterFixture cluster)
{
    [Fact]
    public void The_first_start_says_what_it_uses_and_imports_the_shipped_books()
    {
        Assert.Contains("Microsoft Orleans", cluster.Notices[0]);
        Assert.Contains("europe, asia, northamerica", cluster.Notices[0]);
        Assert.Contains("in-memory", cluster.Notices[0]);
        Assert.Contains("was empty", cluster.Notices[1]);
    }

    [Fact]
    public async Task Regions_are_listed_with_their_fallbacks()
    {
        var run = await RunAsync("regions --json");
        Assert.Equal(ConsoleExitCode.Done, run.ExitCode);
        Assert.Equal("europe", run.Json.GetProperty("home").GetString());
        var asia = run.Json.GetProperty("regions")[1];
        Assert.Equal("asia", asia.GetProperty("name").GetString());
        Assert.Equal(["europe", "northamerica"], asia.GetProperty("fallback").EnumerateArray().Select(name => name.GetString()));
        Assert.Contains("northamerica", (await RunAsync("regions")).Out);
    }

    [Fact]
    public async Task The_distances_between_regions_are_those_that_their_silos_have_measured()
    {
        await Eventually.IsTrueAsync(
            async () => (await RunAsync("distance --json")).Json.GetProperty("ways").GetArrayLength() == 6,
            "all pairs of regions are measured");

        var run = await RunAsync("distance --json");
        Assert.Equal(ConsoleExitCode.Done, run.ExitCode);
        Assert.All(run.Json.GetProperty("ways").EnumerateArray(), way =>
            Assert.InRange(way.GetProperty("milliseconds").GetDouble(), double.Epsilon, Eventually.Bound.TotalMilliseconds));
        Assert.Contains("to northamerica", (await RunAsync("distance")).Out);
        Assert.DoesNotContain("not measured", (await RunAsync("distance")).Out);
    }

    [Fact]
    public async Task A_ring_shows_its_nodes_and_where_a_key_belongs()
    {
        var run = await RunAsync("ring europe book::1984");
        Assert.Equal(ConsoleExitCode.Done, run.ExitCode);
        Assert.Contains("100.0%", run.Out);
        Assert.Contains("book::1984 belongs to europe-1", run.Out);
        Assert.Equal(ConsoleExitCode.BadUsage, (await RunAsync("ring mars")).ExitCode);
    }

    [Fact]
    public async Task The_ring_names_the_node_that_a_lookup_uses()
    {
        await RunAsync("node add northamerica second memory:second");
        foreach (var key in new[] { "book::1984", "book::dune", "book::hamlet", "book::moby-dick" })
        {
            var ring = await RunAsync($"ring northamerica {key} --json");
            var lookup = await RunAsync($"lookup {key} --region northamerica --fresh --json");
            var node = lookup.Json.GetProperty("lookups")[0].GetProperty("node").GetString();
            Assert.Equal(ring.Json.GetProperty("nodeOfKey").GetString(), node);
        }

        Assert.Equal(ConsoleExitCode.Done, (await RunAsync("node remove northamerica second")).ExitCode);
    }

    [Fact]
    public async Task Nodes_are_added_weighted_and_removed()
    {
        var added = await RunAsync("node add asia extra memory:extra --weight 300 --json");
        var twice = await RunAsync("node add asia extra memory:extra");
        var weighed = await RunAsync("node weight asia extra 100 --json");
        var tooHeavy = await RunAsync("node weight asia extra 1001");
        var unusable = await RunAsync("node add asia other nonsense:connection:string:x");
        var stranger = await RunAsync("node remove asia stranger --json");
        var removed = await RunAsync("node remove asia extra --json");

        Assert.InRange(ShareOf(added, "extra"), 0.65, 0.85);
        Assert.Equal(ConsoleExitCode.Conflict, twice.ExitCode);
        Assert.Contains("already", twice.Error);
        Assert.InRange(ShareOf(weighed, "extra"), 0.35, 0.65);
        Assert.Equal(ConsoleExitCode.BadUsage, tooHeavy.ExitCode);
        Assert.Equal(ConsoleExitCode.BadUsage, unusable.ExitCode);
        Assert.Equal(ConsoleExitCode.NotFound, stranger.ExitCode);
        Assert.Contains("asia-1, extra", stranger.Json.GetProperty("error").GetProperty("message").GetString());
        Assert.Equal(1, removed.Json.GetProperty("nodes").GetArrayLength());
    }

    [Fact]
    public async Task Statistics_count_the_lookups()
    {
        var before = await CountAsync("grainHits");
        await RunAsync("lookup book::1984 --region europe");
        await RunAsync("lookup book::1984 --region europe");
        var after = await CountAsync("grainHits");

        Assert.InRange(after - before, 1, 2);
        Assert.Contains("europe.1", (await RunAsync("stats")).Out);
        Assert.Equal(ConsoleExitCode.BadUsage, (await RunAsync("stats --region mars")).ExitCode);
    }

    [Fact]
    public async Task An_import_changes_nothing_the_second_time_and_names_bad_rows()
    {
        var file = Path.Combine(cluster.Folder, "import.csv");
        await File.WriteAllTextAsync(
            file, "key,title,author,year\nimported-one,One,A,2001\nimported-two,,B,2002\nimported-three,Three,C,-750\n");

        var strict = await RunAsync($"import {file} --strict --json");
        var nothing = await RunAsync("lookup book::imported-one --region asia --fresh");
        var first = await RunAsync($"import {file} --json");
        var second = await RunAsync($"import {file}");
        var lenient = await RunAsync($"import {file} --lenient");
        var lookup = await RunAsync("lookup book::imported-three --region asia --fresh");

        Assert.Equal((ConsoleExitCode.BadUsage, true), (strict.ExitCode, strict.Json.GetProperty("refused").GetBoolean()));
        Assert.Equal(ConsoleExitCode.NotFound, nothing.ExitCode);
        var (created, bad) = (first.Json.GetProperty("created").GetInt32(), first.Json.GetProperty("bad").GetInt32());
        Assert.Equal((ConsoleExitCode.Incomplete, 2, 1), (first.ExitCode, created, bad));
        Assert.Equal((ConsoleExitCode.Incomplete, ConsoleExitCode.Done), (second.ExitCode, lenient.ExitCode));
        Assert.Equal(3, first.Json.GetProperty("badRows")[0].GetProperty("line").GetInt32());
        Assert.Contains("0 created, 0 updated, 2 unchanged, 1 bad", second.Out);
        Assert.Contains("line 3:", second.Out);
        Assert.Contains("750 BC", lookup.Out);
    }

    [Fact]
    public async Task What_is_exported_is_what_is_imported()
    {
        await RunAsync(
            "put book::0-439-02348-3 --title \"=1+1\" --author \"  A; B\" --year -750 --isbn 439023483 --description \"- short\"");
        await RunAsync("put exported-other --title T");
        var (first, second) = (Path.Combine(cluster.Folder, "first.csv"), Path.Combine(cluster.Folder, "second.csv"));

        var export = await RunAsync($"export {first} --json");
        var import = await RunAsync($"import {first} --json");
        await RunAsync($"export {second}");

        Assert.Equal((ConsoleExitCode.Done, ConsoleExitCode.Done), (export.ExitCode, import.ExitCode));
        var books = export.Json.GetProperty("books").GetInt64();
        // Those that come with the project, and these two at least.
        Assert.True(books > 380);
        Assert.Equal((books, 0), (import.Json.GetProperty("unchanged").GetInt64(), import.Json.GetProperty("bad").GetInt64()));
        var lines = await File.ReadAllLinesAsync(first);
        Assert.Contains(
            "book::9780439023481,\"=\"\"=1+1\"\"\",\"=\"\"  A; B\"\"\",-750,,\"=\"\"439023483\"\"\",\"=\"\"- short\"\"\"", lines);
        Assert.Contains("::exported-other,T,,,,,", lines);
        Assert.Equal(lines.Length, (await File.ReadAllLinesAsync(second)).Length);
        Assert.DoesNotContain(Directory.EnumerateFiles(cluster.Folder), file => file.EndsWith(".unfinished", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_export_that_is_stopped_leaves_the_file_that_was_there()
    {
        var file = Path.Combine(cluster.Folder, "kept.csv");
        await File.WriteAllTextAsync(file, "kept");
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();

        var run = await ConsoleRun.OfAsync($"export {file}", cluster.Sessions, stopped.Token);

        Assert.Equal(ConsoleExitCode.Interrupted, run.ExitCode);
        Assert.Equal("kept", await File.ReadAllTextAsync(file));
        Assert.DoesNotContain(Directory.EnumerateFiles(cluster.Folder), name => name.EndsWith(".unfinished", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_bad_usage()
    {
        Assert.Equal(ConsoleExitCode.BadUsage, (await RunAsync($"export {cluster.Folder}")).ExitCode);
        Assert.Equal(ConsoleExitCode.BadUsage, (await RunAsync($"export {cluster.Folder}/none/a.csv")).ExitCode);
    }

    [Theory]
    [InlineData("--map colour=genre", "fields are key, title")]
    [InlineData("--map genre", "FIELD=COLUMN")]
    [InlineData("--key a --map key=b", "second column")]
    [InlineData("--separator ::", "--separator")]
    [InlineData("--strict --lenient", "exclude each other")]
    public async Task Options_of_an_import_that_cannot_be_are_bad_usage(string options, string message)
    {
        var file = Path.Combine(cluster.Folder, "options.csv");
        await File.WriteAllTextAsync(file, "key,title\na,A\n");
        var run = await RunAsync($"import {file} {options}");
        Assert.Equal(ConsoleExitCode.BadUsage, run.ExitCode);
        Assert.Contains(message, run.Error);
    }

    [Fact]
    public async Task An_import_says_how_it_read_the_file_and_what_it_left_out()
    {
        var file = Path.Combine(cluster.Folder, "spreadsheet.csv");
        await File.WriteAllBytesAsync(
            file, [.. "isbn;titel;my shelf;my rating\n143039954;"u8, 0xC4, .. "rger und mehr;Regal;5\n"u8]);
        var run = await RunAsync($"import {file} --map title=Titel --map genre=my_shelf");
        var book = (await RunAsync("lookup book::143039954 book::9780143039952 --json")).Json.GetProperty("lookups");

        Assert.Equal(ConsoleExitCode.Done, run.ExitCode);
        Assert.Contains("read as windows-1252, separated by semicolons", run.Out);
        Assert.Contains("columns not used: my rating; --map FIELD=COLUMN uses one", run.Out);
        Assert.Contains("line 2: Column \"isbn\" has \"143039954\"", run.Out);
        Assert.Contains("0143039954", run.Out);
        Assert.Equal("Ärger und mehr", book[0].GetProperty("book").GetProperty("title").GetString());
        Assert.Equal(book[1].GetProperty("key").GetString(), book[0].GetProperty("key").GetString());
    }

    [Fact]
    public async Task An_import_lists_as_json_every_bad_row_that_it_kept()
    {
        var file = Path.Combine(cluster.Folder, "bad.csv");
        await File.WriteAllLinesAsync(file, ["key,title", .. Enumerable.Range(0, BookImport.MaxBadRows + 5).Select(i => $"bad-{i},")]);

        var run = await RunAsync($"import {file} --json");

        Assert.Equal(BookImport.MaxBadRows, run.Json.GetProperty("badRows").GetArrayLength());
        Assert.Equal(5, run.Json.GetProperty("badRowsNotKept").GetInt32());
    }

    [Fact]
    public async Task An_import_without_the_key_column_is_bad_usage()
    {
        var file = Path.Combine(cluster.Folder, "nokey.csv");
        await File.WriteAllTextAsync(file, "key,title\na,A\n");
        var run = await RunAsync($"import {file} --key isbn13");
        Assert.Equal(ConsoleExitCode.BadUsage, run.ExitCode);
        Assert.Contains("isbn13", run.Error);
    }

    private static double ShareOf(ConsoleRun run, string node) =>
        run.Json.GetProperty("nodes").EnumerateArray()
            .Single(entry => entry.GetProperty("name").GetString() == node)
            .GetProperty("share").GetDouble();

    private async Task<long> CountAsync(string counter) =>
        (await RunAsync("stats --region europe --json")).Json.GetProperty("silos").EnumerateArray()
            .Sum(silo => silo.GetProperty(counter).GetInt64());

    private Task<ConsoleRun> RunAsync(string line) => ConsoleRun.OfAsync(line, cluster.Sessions);
}

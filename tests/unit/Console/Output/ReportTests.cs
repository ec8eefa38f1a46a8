using System.Text.Json;
using OrleansCache.Cli;
using OrleansCache.Cli.Output;
using OrleansCache.Cli.Output.Reports;
using OrleansCache.Client;
using Spectre.Console;
using Xunit;

namespace OrleansCache.Tests.Console.Output;

public sealed class ReportTests
{
    private static readonly LookupEntry Found = LookupEntry.Of(new LookupResult
    {
        Key = "book::1984",
        Book = new Book("Nineteen [Eighty]-Four", "Gabriel García", -750, "Epic", "9780451524935", "About \"it\"."),
        Version = 3,
        Tier = Tier.Redis,
        Region = "asia",
        Node = "asia-1",
        Age = TimeSpan.FromSeconds(30),
        TimeToLive = TimeSpan.FromSeconds(570),
        Elapsed = TimeSpan.FromMilliseconds(1.5),
        Flags = LookupFlags.Stale | LookupFlags.Unleased,
        FailedAttempts = [new FailedAttempt("europe", 1, "no answer within 300 ms", TimeSpan.FromMilliseconds(300))],
    });

    private static readonly LookupEntry Missing = LookupEntry.Of(
        new LookupResult { Key = "1984", Tier = Tier.Catalog, Region = "europe" }, "There is a book book::1984.");

    private static readonly LookupEntry Failed = new() { Key = "book::x", Error = "nobody answered" };

    [Fact]
    public void A_lookup_in_json_has_everything_that_is_known()
    {
        var entry = Json(new LookupReport([Found])).GetProperty("lookups")[0];
        Assert.Equal("book::1984", entry.GetProperty("key").GetString());
        Assert.True(entry.GetProperty("found").GetBoolean());
        Assert.Equal("Gabriel García", entry.GetProperty("book").GetProperty("author").GetString());
        Assert.Equal(-750, entry.GetProperty("book").GetProperty("year").GetInt32());
        Assert.Equal(3, entry.GetProperty("version").GetInt64());
        Assert.Equal("redis", entry.GetProperty("tier").GetString());
        Assert.Equal(("asia", "asia-1"), (entry.GetProperty("region").GetString(), entry.GetProperty("node").GetString()));
        Assert.Equal(1.5, entry.GetProperty("elapsedMs").GetDouble());
        Assert.Equal(30_000, entry.GetProperty("ageMs").GetDouble());
        Assert.Equal(570_000, entry.GetProperty("timeToLiveMs").GetDouble());
        Assert.Equal(["stale", "unleased"], entry.GetProperty("flags").EnumerateArray().Select(flag => flag.GetString()));
        Assert.Equal("europe: no answer within 300 ms", entry.GetProperty("failedAttempts")[0].GetString());
        Assert.False(entry.TryGetProperty("error", out _));
    }

    [Fact]
    public void Letters_of_all_scripts_stand_as_they_are() => Assert.Contains("García", Written(new LookupReport([Found])));

    [Fact]
    public void A_lookup_for_people_has_everything_in_few_lines()
    {
        var text = Rendered(new LookupReport([Found]));
        Assert.Equal(
            """
            book::1984
              Nineteen [Eighty]-Four · by Gabriel García · 750 BC · Epic · ISBN 9780451524935
              About "it".
              version 3 from redis · region asia · node asia-1 · 1.5 ms · TTL 9:30 min left
              flagged: stale, unleased
              failed attempt: europe: no answer within 300 ms

            """.ReplaceLineEndings("\n"),
            string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())));
    }

    [Fact]
    public void A_table_that_is_too_wide_goes_down_the_screen_with_its_words_whole()
    {
        var ring = new RingReport("europe", 7, [new("europe-1", "127.0.0.1:6379", 100, true, 0.25, "up", null)], null, null);
        Assert.Contains("node      address         weight  state  share", Rendered(ring));
        var narrow = Rendered(ring, 30);
        Assert.Matches("node +europe-1", narrow);
        Assert.Matches("share +25.0%", narrow);
        Assert.All(narrow.Split('\n'), line => Assert.True(line.Length <= 30));
    }

    [Fact]
    public void Several_lookups_are_a_table_with_the_remarks_below()
    {
        var text = Rendered(new LookupReport([Found, Missing, Failed]));
        Assert.Contains("not found", text);
        Assert.Contains("There is a book book::1984.", text);
        Assert.Contains("nobody answered", text);
    }

    [Fact]
    public void The_exit_code_is_that_of_the_worst_lookup()
    {
        Assert.Equal(ConsoleExitCode.Done, new LookupReport([Found, Found]).ExitCode);
        Assert.Equal(ConsoleExitCode.NotFound, new LookupReport([Found, Missing]).ExitCode);
        Assert.Equal(ConsoleExitCode.Unavailable, new LookupReport([Missing, Failed]).ExitCode);
    }

    [Fact]
    public void An_import_shows_what_became_of_the_rows()
    {
        var report = new ImportReport
        {
            File = "books.csv", Rows = 100, Created = 60, Updated = 5, Unchanged = 5, Bad = 30, ElapsedMs = 500,
            BadRows = [.. Enumerable.Range(2, 30).Select(line => new ImportReport.BadRow(line, "no title"))],
        };
        var text = Rendered(report);
        Assert.Contains("line 2: no title", text);
        Assert.Contains("line 21: no title", text);
        Assert.DoesNotContain("line 22:", text);
        Assert.Contains("and 10 more bad rows; --json has all", text);
        Assert.Contains("100 rows in 500 ms (200 rows/s): 60 created, 5 updated, 5 unchanged, 30 bad", text);
        var json = Json(report);
        Assert.Equal(
            (60, 30, 200),
            (json.GetProperty("created").GetInt32(), json.GetProperty("bad").GetInt32(), json.GetProperty("rowsPerSecond").GetInt32()));
        Assert.Equal(2, json.GetProperty("badRows")[0].GetProperty("line").GetInt32());
        Assert.Equal((30, 0), (json.GetProperty("badRows").GetArrayLength(), json.GetProperty("badRowsNotKept").GetInt32()));
    }

    [Fact]
    public void Each_row_of_an_import_is_told_in_one_line()
    {
        var reason = string.Concat(Enumerable.Repeat("a long reason ", 40)) + "to its end";
        var report = new ImportReport
        {
            File = "books.csv", Rows = 9, Bad = 1, Noted = 7, Encoding = "windows-1252", Separator = "\t",
            BadRows = [new(3, reason)],
            Notes = [.. Enumerable.Range(2, 7).Select(line => new ImportReport.Note(line, "mended"))],
            UnusedColumns = ["My Rating", "Shelf"],
        };
        using var text = new StringWriter();
        new HumanOutput(text, false, text, false).Write(report);
        Assert.Equal(
            [
                "read as windows-1252, separated by tabs",
                "columns not used: My Rating, Shelf; --map FIELD=COLUMN uses one",
                .. Enumerable.Range(2, 5).Select(line => $"line {line}: mended"),
                "and 2 more notes on good rows; --json has the first 7",
                $"line 3: {reason}",
            ],
            text.ToString().ReplaceLineEndings("\n").Split('\n')[..9]);
    }

    [Fact]
    public void An_import_with_more_bad_rows_than_it_keeps_says_how_many_it_only_counted()
    {
        var report = new ImportReport
        {
            File = "books.csv",
            Rows = 5_000,
            Bad = 1_234,
            BadRows = [.. Enumerable.Range(2, 1_000).Select(line => new ImportReport.BadRow(line, "no title"))],
        };
        Assert.Contains("and 1,214 more bad rows; --json has the first 1,000", Rendered(report));
        Assert.Equal(234, Json(report).GetProperty("badRowsNotKept").GetInt32());
    }

    [Fact]
    public void A_ring_says_which_node_that_is_up_has_the_key()
    {
        var ring = new RegionRing(
            "asia", 4, [new("a", "127.0.0.1:1", 100, true, 1), new("b", "127.0.0.1:2", 100, false, 0, NodeState.Down)]);
        for (var i = 0; i < 20; i++)
            Assert.Equal("a", RingReport.Of(ring, $"book::{i}").NodeOfKey);
        Assert.Contains("book::1 belongs to a", Rendered(RingReport.Of(ring, "book::1")));
        Assert.Contains("down", Rendered(RingReport.Of(ring)));
        Assert.Equal("a", Json(RingReport.Of(ring, "book::1")).GetProperty("nodeOfKey").GetString());
    }

    [Fact]
    public void A_ring_says_what_is_wrong_with_a_node()
    {
        var ring = new RegionRing("asia", 4, [new("a", "127.0.0.1:1", 100, true, 1, NodeState.Degraded, "no writes: OOM")]);
        Assert.Contains("a is degraded: no writes: OOM", Rendered(RingReport.Of(ring)));
        var node = Json(RingReport.Of(ring)).GetProperty("nodes")[0];
        Assert.Equal(("degraded", "no writes: OOM"), (node.GetProperty("state").GetString(), node.GetProperty("reason").GetString()));
    }

    [Fact]
    public void A_ring_without_a_node_that_is_up_has_no_place_for_a_key()
    {
        var ring = new RegionRing("asia", 4, [new("b", "127.0.0.1:2", 100, false, 0, NodeState.Down)]);
        Assert.Contains("belongs to no node", Rendered(RingReport.Of(ring, "book::1")));
    }

    [Fact]
    public void A_watched_book_is_shown_where_it_is_held()
    {
        var row = new CachedRow("book::1984", new(3, Guid.NewGuid()), BookPayload.Encode(new Book("Nineteen [Eighty]-Four")));
        var held = WatchReport.WatchedRegion.Of(new(
            "asia",
            [
                new("asia.1", row, TimeSpan.FromSeconds(8), TimeSpan.FromMinutes(9), 2),
                new("asia.2", null),
                new("asia.3", row, TimeSpan.Zero, TimeSpan.FromMinutes(9)),
                new("asia.4", null, Problem: "asleep"),
            ],
            new("asia-1", CachedRow.Never("book::1984"), TimeSpan.FromMinutes(1))));
        var nowhere = WatchReport.WatchedRegion.Of(new("europe", [new("europe.1", null)], null));
        var report = new WatchReport("book::1984", [held, nowhere, new("northamerica", [], "nobody there")]);

        var text = Rendered(report);
        Assert.Matches(@"asia +asia\.1 +silo +3 +Nineteen \[Eighty\]-Four +8\.0 s +9:00 min +2", text);
        Assert.Matches(@"asia +asia\.3 +silo +3 .* ended +9:00 min +0", text);
        Assert.Matches(@"asia +asia\.4 +no answer", text);
        Assert.Matches(@"asia +asia-1 +redis +0 +\(no such book\) +1:00 min", text);
        Assert.Matches("europe +not held", text);
        Assert.Matches("northamerica +unreachable", text);
        Assert.Contains("asleep", text);
        Assert.DoesNotContain("asia.2", text);
        Assert.Equal(ConsoleExitCode.Unavailable, report.ExitCode);
        var first = Json(report).GetProperty("regions")[0].GetProperty("copies")[0];
        Assert.Equal(8_000, first.GetProperty("leaseMs").GetDouble());
        Assert.Equal(540_000, first.GetProperty("timeToLiveMs").GetDouble());
        Assert.Equal(2, first.GetProperty("clients").GetInt32());
    }

    [Fact]
    public async Task A_live_report_is_drawn_again_until_it_is_cancelled()
    {
        using var ending = new CancellationTokenSource();
        var text = new StringWriter();
        var drawn = 0;
        var output = new HumanOutput(text, true, text, true);

        await output.RefreshAsync(Draw, TimeSpan.FromMilliseconds(1), ending.Token);

        Assert.InRange(drawn, 4, 5);
        Assert.Contains("book::1984", text.ToString());

        WatchReport Draw()
        {
            if (++drawn == 4)
                ending.Cancel();
            return new("book::1984", []);
        }
    }

    [Fact]
    public void A_purge_names_what_did_not_answer()
    {
        var asia = PurgeReport.PurgedRegion.Of(
            new("asia", ["asia.1"], ["asia.2"], ["asia-1"], [], 381, ["asia-1: 10.0.0.3:6379: it is not connected"]));
        var report = new PurgeReport([], [asia, new("europe", [], [], [], [], null, [], "nobody there")]);
        var text = Rendered(report);
        Assert.Matches(@"asia +1 of 2 +1 of 1 +381 +asia\.2", text);
        Assert.Contains("asia-1: 10.0.0.3:6379: it is not connected", text);
        Assert.Contains("nobody there", text);
        Assert.Equal(ConsoleExitCode.Unavailable, report.ExitCode);
        Assert.Equal("asia.2", Json(report).GetProperty("regions")[0].GetProperty("silentSilos")[0].GetString());
    }

    [Fact]
    public void A_demonstration_holds_only_if_all_its_claims_do()
    {
        var good = new SceneReport("t", ["a"], [["1"]], [new("x", true)]);
        var bad = good with { Claims = [new("x", true), new("y", false)] };
        Assert.True(new DemoReport("n", 1, [good]).Holds);
        Assert.False(new DemoReport("n", 1, [good, bad]).Holds);
        Assert.Contains("DOES NOT HOLD: y", Rendered(bad));
        Assert.False(Json(new DemoReport("n", 1, [bad])).GetProperty("holds").GetBoolean());
    }

    [Theory]
    [InlineData(0.123, "0.12 ms")]
    [InlineData(12.34, "12.3 ms")]
    [InlineData(345.6, "346 ms")]
    [InlineData(4_567, "4.6 s")]
    [InlineData(599_000, "9:59 min")]
    public void Durations_have_the_unit_that_suits_them(double milliseconds, string text) =>
        Assert.Equal(text, Format.Duration(TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public void Plain_text_has_no_escape_sequences() =>
        Assert.DoesNotContain('\u001b', Rendered(new LookupReport([Found, Missing])) + Rendered(new LookupReport([Found])));

    private static string Rendered(IReport report, int width)
    {
        var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No });
        console.Profile.Width = width;
        report.Render(console);
        return text.ToString();
    }

    private static string Rendered(IReport report)
    {
        var text = new StringWriter();
        new HumanOutput(text, false, text, false).Write(report);
        return text.ToString();
    }

    private static string Written(IReport report)
    {
        var text = new StringWriter();
        new JsonOutput(text, TextWriter.Null).Write(report);
        return text.ToString();
    }

    private static JsonElement Json(IReport report) => JsonDocument.Parse(Written(report)).RootElement;
}

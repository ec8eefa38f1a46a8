using OrleansCache.Cli;
using OrleansCache.Cli.Commands;
using OrleansCache.Cli.Sessions;
using OrleansCache.LocalClusters;
using Xunit;

namespace OrleansCache.Tests.Console.Commands;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("lokup book::1984", "There is no command \"lokup\".", "Did you mean lookup?")]
    [InlineData("looukp", "There is no command \"looukp\".", "Did you mean lookup?")]
    [InlineData("stat", "There is no command \"stat\".", "Did you mean stats?")]
    [InlineData("node ad asia x", "There is no command \"ad\".", "Did you mean add?")]
    [InlineData("xyzzy", "There is no command \"xyzzy\".", "The commands are lookup, put")]
    [InlineData("help lokup", "There is no command \"lokup\".", "Did you mean lookup?")]
    public async Task A_slip_in_a_command_gets_a_suggestion(string line, string message, string hint)
    {
        var run = await RunAsync(line);
        Assert.Equal(ConsoleExitCode.BadUsage, run.ExitCode);
        Assert.Contains(message, run.Error);
        Assert.Contains(hint, run.Error);
        Assert.Empty(run.Out);
    }

    [Theory]
    [InlineData("lookup", "lookup")]
    [InlineData("lookup book::1984 --nonsense", "--nonsense")]
    [InlineData("stats --regoin asia", "--regoin")]
    [InlineData("ring asia -x", "-x")]
    [InlineData("ring", "ring")]
    [InlineData("node", "node")]
    [InlineData("node weight asia n heavy", "heavy")]
    [InlineData("node add asia n memory:n --weight heavy", "heavy")]
    [InlineData("regions extra", "extra")]
    [InlineData("put", "put")]
    [InlineData("put book::x", "--title")]
    [InlineData("put book::x --title T --year soon", "soon")]
    [InlineData("put book::x --title T --autor A", "--autor")]
    [InlineData("remove", "remove")]
    [InlineData("remove book::x --expect newest", "newest")]
    [InlineData("watch", "watch")]
    [InlineData("watch book::x book::y", "book::y")]
    public async Task What_cannot_be_understood_is_bad_usage_and_named(string line, string named)
    {
        var run = await RunAsync(line);
        Assert.Equal(ConsoleExitCode.BadUsage, run.ExitCode);
        Assert.Contains(named, run.Error);
    }

    [Theory]
    [InlineData("node add asia", "\"node add\" needs NAME, CONNECTION.", "Usage: node add REGION NAME CONNECTION [--weight W]")]
    [InlineData("node", "\"node\" needs a command after it.", "Usage: node add|remove|weight ...")]
    [InlineData("node weight asia n heavy", "WEIGHT is \"heavy\"; it must be a whole number.", "Usage: node weight REGION NODE WEIGHT")]
    [InlineData("node add asia n memory:n --weight heavy", "--weight is \"heavy\"; it must be a whole number.", "Usage: node add")]
    [InlineData("put book::x --title T --year soon", "--year is \"soon\"; it must be a whole number.", "Usage: put KEY --title T")]
    [InlineData(
        "put book::x --title T --id 7", "--id is \"7\"; it must be an id such as 3f2504e0-4f89-41d3-9a0c-0305e82c3301.", "Usage: put KEY")]
    [InlineData("put book::x", "\"put\" needs --title T.", "Usage: put KEY --title T")]
    [InlineData(
        "remove book::x --expect -1", "--expect is -1; versions count from 1, and 0 stands for no book.",
        "Usage: remove KEY [--expect VERSION] [--id ID]")]
    [InlineData(
        "put book::x --title T --new --expect 3", "--new and --expect 3 exclude each other: a new book has no version yet.",
        "Usage: put KEY")]
    [InlineData("purge", "\"purge\" needs a KEY, or --region for all that a region holds.", "Usage: purge [KEY...] [--region REGION]")]
    [InlineData("lookup book::1984 --regoin asia", "\"lookup\" has no option \"--regoin\".", "Did you mean --region?")]
    [InlineData("--catalog other.db regions", "--catalog is chosen when the program starts.", "Leave, and start it with: ./run --catalog")]
    public async Task What_is_wrong_is_said_in_the_words_of_the_help(string line, string message, string hint)
    {
        var run = await RunAsync(line);
        Assert.Equal($"{message}\n{hint}", run.Error.ReplaceLineEndings("\n")[..(message.Length + 1 + hint.Length)]);
    }

    [Theory]
    [InlineData("--silos", "many", "--silos is \"many\"; it must be a whole number.")]
    [InlineData("--silos", "9", "--silos is 9; it must be from 1 to 8.")]
    [InlineData("--ttl", "soon", "--ttl is \"soon\"; it must be a number.")]
    [InlineData("--ttl", "0", "--ttl must be from 1 to 86400 seconds.")]
    [InlineData("--nodes", "paper", "--nodes is \"paper\"; it must be one of auto, memory, redis.")]
    public async Task An_option_of_the_start_that_cannot_be_used_is_bad_usage(string option, string value, string message)
    {
        var error = new StringWriter();
        var terminal = new Terminal { In = TextReader.Null, Out = TextWriter.Null, Error = error };
        var exitCode = await new ConsoleProgram(terminal).RunAsync(["local", option, value, "regions"]);
        Assert.Equal(ConsoleExitCode.BadUsage, exitCode);
        Assert.StartsWith(message, error.ToString());
    }

    [Fact]
    public async Task Servers_that_cannot_be_started_are_no_mistake_of_the_program()
    {
        var run = await RunAsync("regions", new NoSession(new LocalNodesException("There is no redis-server.")));
        Assert.Equal(ConsoleExitCode.Unavailable, run.ExitCode);
        Assert.Contains("There is no redis-server.", run.Error);
    }

    [Fact]
    public async Task A_directory_is_no_file_to_import()
    {
        var run = await RunAsync($"import {Path.GetTempPath()}");
        Assert.Equal(ConsoleExitCode.BadUsage, run.ExitCode);
        Assert.Contains("is a directory", run.Error);
    }

    [Theory]
    [InlineData("lookup \"\"", "empty")]
    [InlineData("lookup \"book::a\tb\"", "U+0009")]
    [InlineData("import nowhere.csv", "nowhere.csv")]
    [InlineData("put \"\" --title T", "empty")]
    [InlineData("put book::x --title \"\"", "needs a title")]
    [InlineData("put book::x --title \"  \"", "needs a title")]
    [InlineData("remove \"\"", "empty")]
    [InlineData("purge book::x \"\"", "empty")]
    [InlineData("watch \"book::a\tb\"", "U+0009")]
    public async Task What_cannot_be_used_is_bad_usage_before_anything_is_started(string line, string named)
    {
        var run = await RunAsync(line);
        Assert.Equal(ConsoleExitCode.BadUsage, run.ExitCode);
        Assert.Contains(named, run.Error);
    }

    [Fact]
    public async Task A_book_that_is_too_large_is_bad_usage_before_anything_is_started()
    {
        var run = await RunAsync($"put book::x --title T --description {new string('d', BookPayload.MaxBytes)}");
        Assert.Equal(ConsoleExitCode.BadUsage, run.ExitCode);
        Assert.Contains("65,536", run.Error);
    }

    [Theory]
    [InlineData("put book::x --title \"- a title that begins with a hyphen\"")]
    [InlineData("put book::x --title T --year -750")]
    public void What_begins_with_a_hyphen_may_be_a_value(string line)
    {
        var parsed = new CommandTree(new LocalStart(), interactive: true).Parse(Cli.Prompt.Words.Split(line)!);
        Assert.Empty(parsed.Errors);
    }

    [Fact]
    public async Task An_error_is_a_json_document_when_one_is_asked_for()
    {
        var run = await RunAsync("lokup --json");
        var error = run.Json.GetProperty("error");
        Assert.Equal(ConsoleExitCode.BadUsage, run.ExitCode);
        Assert.Equal("badUsage", error.GetProperty("code").GetString());
        Assert.Equal(ConsoleExitCode.BadUsage, error.GetProperty("exitCode").GetInt32());
        Assert.Equal("Did you mean lookup?", error.GetProperty("hint").GetString());
    }

    [Fact]
    public async Task What_cannot_be_reached_is_unavailable()
    {
        var run = await RunAsync("regions", new NoSession(new CatalogUnavailableException("The catalog's disk is full.")));
        Assert.Equal(ConsoleExitCode.Unavailable, run.ExitCode);
        Assert.Contains("The catalog's disk is full.", run.Error);
    }

    [Fact]
    public async Task A_mistake_of_the_program_is_told_from_all_others()
    {
        var run = await RunAsync("regions", new NoSession(new InvalidCastException("oops")));
        Assert.Equal(ConsoleExitCode.Internal, run.ExitCode);
        Assert.Contains("oops", run.Error);
    }

    [Fact]
    public async Task A_command_that_is_stopped_says_so()
    {
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();
        var run = await ConsoleRun.OfAsync("regions", new NoSession(), stopped.Token);
        Assert.Equal(ConsoleExitCode.Interrupted, run.ExitCode);
    }

    [Fact]
    public async Task Help_lists_every_command_and_every_exit_code()
    {
        var run = await RunAsync("help --json");
        var commands = run.Json.GetProperty("commands").EnumerateArray();
        var usages = commands.Select(command => command.GetProperty("usage").GetString()!).ToList();
        string[] expected =
        [
            "lookup KEY...", "put KEY --title T", "remove KEY", "watch KEY", "purge [KEY...]", "regions", "distance",
            "ring REGION [KEY]", "node add",
            "node remove", "node weight", "import FILE", "stats", "demo", "help",
        ];
        Assert.Equal(ConsoleExitCode.Done, run.ExitCode);
        foreach (var command in expected)
            Assert.Contains(usages, usage => usage.StartsWith(command, StringComparison.Ordinal));
        Assert.Equal("not found", run.Json.GetProperty("exitCodes").GetProperty("1").GetString());
    }

    [Theory]
    [InlineData("help lookup")]
    [InlineData("lookup --help")]
    public async Task A_commands_help_explains_its_options(string line)
    {
        var run = await RunAsync(line);
        Assert.Equal(ConsoleExitCode.Done, run.ExitCode);
        Assert.Contains("--fresh", run.Out);
        Assert.Contains("--region", run.Out);
    }

    [Theory]
    [InlineData("", "lookup", 6)]
    [InlineData("lookup", "lookup", 0)]
    [InlineData("lokup", "lookup", 1)]
    [InlineData("looukp", "lookup", 1)]
    [InlineData("STATS", "stats", 0)]
    [InlineData("abc", "xyz", 3)]
    public void Slips_are_counted(string typed, string meant, int slips) => Assert.Equal(slips, Suggestions.Distance(typed, meant));

    [Fact]
    public void A_start_has_options_for_the_cluster()
    {
        var start = new LocalStart();
        var tree = new CommandTree(start, interactive: false);
        var parsed = tree.Parse(["lookup", "book::1984", "--catalog", "/tmp/x.db", "--nodes", "memory", "--silos", "2", "--ttl", "2.5"]);
        var options = start.Open(parsed).OwnCluster!;
        Assert.Empty(parsed.Errors);
        Assert.Equal(
            ("/tmp/x.db", LocalNodes.Memory, 2, TimeSpan.FromSeconds(2.5)),
            (options.CatalogPath, options.Nodes, options.SilosPerRegion, options.TimeToLive));
    }

    [Theory]
    [InlineData("--silos", "0")]
    [InlineData("--silos", "99")]
    [InlineData("--ttl", "0")]
    [InlineData("--ttl", "NaN")]
    [InlineData("--nodes", "tape")]
    public void Options_for_the_cluster_that_cannot_be_used_are_errors(string option, string value) =>
        Assert.NotEmpty(new CommandTree(new LocalStart(), interactive: false).Parse(["regions", option, value]).Errors);

    [Fact]
    public void A_word_that_begins_with_an_at_sign_is_a_word()
    {
        var parsed = new CommandTree(new LocalStart(), interactive: true).Parse(["lookup", "@file"]);
        Assert.Empty(parsed.Errors);
    }

    private static Task<ConsoleRun> RunAsync(string line, NoSession? sessions = null) =>
        ConsoleRun.OfAsync(line, sessions ?? new NoSession());
}

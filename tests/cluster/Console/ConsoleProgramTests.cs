using System.Text.Json;
using OrleansCache.Cli;
using OrleansCache.LocalClusters;
using Xunit;

namespace OrleansCache.Tests.Console;

/// <summary>The whole program, started as by a shell.</summary>
public sealed class ConsoleProgramTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanscache-tests-");
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();

    private string Catalog => Path.Combine(_folder.FullName, "catalog.db");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Commands_on_the_standard_input_are_answered_with_their_exit_code()
    {
        var exitCode = await RunAsync("lookup book::1984 --region europe\nlookup book::no-such-book\n");
        Assert.Equal(ConsoleExitCode.NotFound, exitCode);
        Assert.Contains("George Orwell", _out.ToString());
        Assert.Contains("no such book", _out.ToString());
        Assert.Contains("Microsoft Orleans", _error.ToString());
    }

    [Fact]
    public async Task A_single_command_is_answered_in_json_and_nothing_else_is_on_the_standard_output()
    {
        var exitCode = await RunAsync("", "lookup", "book::1984", "--region", "asia", "--json");
        Assert.Equal(ConsoleExitCode.Done, exitCode);
        Assert.Equal("asia", JsonDocument.Parse(_out.ToString()).RootElement.GetProperty("lookups")[0].GetProperty("region").GetString());
    }

    [Fact]
    public async Task A_changed_ring_outlives_the_program_and_its_own_servers_are_found_again()
    {
        await RunAsync("node weight asia asia-1 200\nnode remove europe europe-1\nnode add europe again local\n", "--json");
        var catalog = await new StreamReader(new FileStream(Catalog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite)).ReadToEndAsync();
        Assert.Contains("\"settings:europe-1\"", catalog);
        Assert.DoesNotContain("127.0.0.1", catalog);
        Assert.DoesNotContain("memory:asia", catalog);
        _out.GetStringBuilder().Clear();
        await RunAsync("", "ring", "asia", "--json");
        var node = JsonDocument.Parse(_out.ToString()).RootElement.GetProperty("nodes")[0];
        Assert.Equal((200, "memory:asia"), (node.GetProperty("weight").GetInt32(), node.GetProperty("address").GetString()));
        _out.GetStringBuilder().Clear();
        Assert.Equal(ConsoleExitCode.Done, await RunAsync("lookup book::1984 --region europe\n"));
        Assert.Contains("node again", _out.ToString());
    }

    [Fact]
    public async Task Commands_that_need_no_cluster_start_none()
    {
        Assert.Equal(ConsoleExitCode.Done, await RunAsync("", "help"));
        Assert.Equal(ConsoleExitCode.BadUsage, await RunAsync("", "lokup"));
        Assert.Empty(_folder.GetFileSystemInfos());
    }

    [Fact]
    public Task The_demonstration_holds() => HoldsAsync("redis", "a temporary redis-server per region");

    [Fact, Trait("Tier", "All")]
    public Task The_demonstration_holds_with_nodes_in_memory() => HoldsAsync("memory", "in-memory nodes");

    [Fact]
    public async Task Where_redis_server_is_on_the_PATH_each_region_has_one_unless_told_otherwise()
    {
        Assert.Equal(ConsoleExitCode.Done, await RunOnAsync("auto", "", "ring", "asia", "--json"));

        var node = JsonDocument.Parse(_out.ToString()).RootElement.GetProperty("nodes")[0];
        Assert.StartsWith("127.0.0.1:", node.GetProperty("address").GetString(), StringComparison.Ordinal);
        Assert.Contains("a temporary redis-server per region", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_it_is_not_the_nodes_are_in_memory_and_the_program_says_so()
    {
        await using var program = await StartWithEmptyPathAsync("ring", "asia");

        var exitCode = await program.Ended;

        var said = string.Join('\n', program.Lines);
        Assert.True(exitCode == ConsoleExitCode.Done, said);
        Assert.Contains("in-memory nodes (there is no redis-server on the PATH)", said, StringComparison.Ordinal);
        Assert.Contains("memory:asia", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_it_is_not_and_is_asked_for_the_program_says_what_to_do()
    {
        await using var program = await StartWithEmptyPathAsync("ring", "asia", "--nodes", "redis");

        var exitCode = await program.Ended;

        var said = string.Join('\n', program.Lines);
        Assert.True(exitCode == ConsoleExitCode.Unavailable, said);
        Assert.Contains("--nodes memory", said, StringComparison.Ordinal);
    }

    private async Task HoldsAsync(string nodes, string description)
    {
        var exitCode = await RunOnAsync(nodes, "", "demo", "--json");
        var report = JsonDocument.Parse(_out.ToString()).RootElement;
        Assert.True(report.TryGetProperty("scenes", out _), $"{report} {_error}");
        var broken = report.GetProperty("scenes").EnumerateArray()
            .SelectMany(scene => scene.GetProperty("claims").EnumerateArray())
            .Where(claim => !claim.GetProperty("holds").GetBoolean())
            .Select(claim => claim.GetProperty("text").GetString());
        Assert.True(!broken.Any(), report.ToString());
        Assert.Equal(5, report.GetProperty("scenes").GetArrayLength());
        Assert.Equal(description, report.GetProperty("nodes").GetString());
        Assert.Equal(ConsoleExitCode.Done, exitCode);
    }

    private Task<int> RunAsync(string input, params string[] args) => RunOnAsync("memory", input, args);

    private Task<int> RunOnAsync(string nodes, string input, params string[] args) =>
        new ConsoleProgram(new Terminal { In = new StringReader(input), Out = _out, Error = _error })
            .RunAsync(["local", .. args, "--nodes", nodes, "--catalog", Catalog]);

    // PATH is shared with the tests that run concurrently in this process, so the program gets a process with a PATH of its own.
    private Task<GuardedProcess> StartWithEmptyPathAsync(params string[] args) => GuardedProcess.StartAsync(new()
    {
        Command = [Programs.DotNet, typeof(ConsoleProgram).Assembly.Location, "local", .. args, "--catalog", Catalog],
        Environment = new Dictionary<string, string> { ["PATH"] = _folder.CreateSubdirectory("empty").FullName },
    });
}

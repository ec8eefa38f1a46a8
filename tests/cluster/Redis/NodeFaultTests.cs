using System.Globalization;
using OrleansCache.LocalClusters;
using OrleansCache.Redis;
using OrleansCache.TestSupport;
using Xunit.Abstractions;

namespace OrleansCache.Tests.Redis;

/// <summary>
/// What a server does when it is in trouble but answers: the node leaves once and is back once, it serves what it still can, and says why.
/// </summary>
public sealed class NodeFaultTests(ITestOutputHelper output)
{
    // However long it lasts: that reads stop, that writes stop, and that each is served again.
    private const int MostLines = 4;

    // A busy machine must not exceed the budget; what hangs costs one.
    private static readonly NodeOptions Quick = new() { Budget = TimeSpan.FromSeconds(1), RetryAfter = TimeSpan.FromMilliseconds(100) };

    public static TheoryData<string, string[], string[], string> WriteRefusals => new()
    {
        { "replica", ["replicaof 127.0.0.1 1"], ["replicaof no one"], "READONLY" },
        { "replicas are missing", ["config set min-replicas-to-write 1"], ["config set min-replicas-to-write 0"], "NOREPLICAS" },
        { "full", ["config set maxmemory 1"], ["config set maxmemory 0"], "OOM" },
        { "no scripts allowed", ["acl setuser default -eval -evalsha"], ["acl setuser default +eval +evalsha"], "NOPERM" },
        { "no writes allowed", ["acl setuser default -set"], ["acl setuser default +set"], "can't run this command" },
    };

    [Theory]
    [MemberData(nameof(WriteRefusals))]
    public async Task A_server_that_refuses_writes_serves_reads_and_is_degraded_once(
        string what, string[] begin, string[] end, string reason)
    {
        await using var server = await RedisProcess.StartAsync();
        // It answers at once, so that a budget has no part in it.
        await using var use = new NodeUse(server.Address, Quick with { Budget = TimeSpan.FromSeconds(30) });
        await use.IsServedAsync();

        use.Begin();
        await AskAsync(server, begin);
        await use.IsAsync(NodeState.Degraded);
        use.Forget();
        await use.IsUsedOnAsync();

        Assert.All(use.Reads.Values, reads => Assert.Equal(0, reads.Failed));
        Assert.All(use.Writes.Values, writes => Assert.Equal(0, writes.Served));
        Assert.Contains(reason, use.Node.Health.Reason, StringComparison.Ordinal);
        await AskAsync(server, end);
        output.WriteLine(await use.IsNormalAsync($"{reason}: {what}"));
        Assert.Equal([NodeState.Degraded, NodeState.Up], use.States);
        Assert.Equal((0, 2), (use.Cost.Reads, use.Cost.Lines));
        var warning = Assert.Single(use.Log.Warnings);
        Assert.Contains(reason, warning, StringComparison.Ordinal);
        Assert.True(RedisFault.AdviceFor(reason) is { } advice && warning.Contains(advice, StringComparison.Ordinal), $"{what}: {warning}");
    }

    [Fact]
    public async Task A_server_that_cannot_save_serves_reads_and_says_MISCONF()
    {
        await using var server = await RedisProcess.StartAsync();
        await using var use = new NodeUse(server.Address, Quick);
        await use.IsServedAsync();
        await server.AskAsync("config", "set", "save", "3600 1");
        Directory.Delete(server.Folder, recursive: true);

        use.Begin();
        await server.AskAsync("bgsave");
        await use.IsAsync(NodeState.Degraded);
        use.Forget();
        await use.IsUsedOnAsync();

        Assert.All(use.Reads.Values, reads => Assert.Equal(0, reads.Failed));
        Assert.Contains("MISCONF", use.Node.Health.Reason, StringComparison.Ordinal);
        await server.AskAsync("config", "set", "stop-writes-on-bgsave-error", "no");
        output.WriteLine(await use.IsNormalAsync("MISCONF"));
        Assert.Equal([NodeState.Degraded, NodeState.Up], use.States);
        Assert.Equal((0, 2), (use.Cost.Reads, use.Cost.Lines));
    }

    /// <summary>The server holds back what may write, and answers reads: they do not wait behind the writes.</summary>
    [Fact]
    public async Task A_server_whose_writes_are_paused_serves_reads_and_is_degraded_once()
    {
        await using var server = await RedisProcess.StartAsync();
        await using var use = new NodeUse(server.Address, Quick);
        await use.IsServedAsync();

        use.Begin();
        await server.AskAsync("client", "pause", "600000", "write");
        await use.IsAsync(NodeState.Degraded);
        use.Forget();
        await use.IsUsedOnAsync();

        Assert.All(use.Reads.Values, reads => Assert.Equal(0, reads.Failed));
        Assert.Contains("No response", use.Node.Health.Reason, StringComparison.Ordinal);
        await server.AskAsync("client", "unpause");
        output.WriteLine(await use.IsNormalAsync("CLIENT PAUSE WRITE"));
        Assert.Equal([NodeState.Degraded, NodeState.Up], use.States);
        Assert.Equal((0, 2), (use.Cost.Reads, use.Cost.Lines));
    }

    public static TheoryData<string[], string[], string> Outages => new()
    {
        { ["acl setuser default resetkeys ~other:*"], ["acl setuser default allkeys"], "NOPERM" },
        { ["config set requirepass new", "-a new client kill type normal skipme yes"], ["-a new config set requirepass "], "NOAUTH" },
    };

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task A_server_that_serves_nothing_is_down_once_and_back_once(string[] begin, string[] end, string reason)
    {
        await using var server = await RedisProcess.StartAsync();
        await using var use = new NodeUse(server.Address, Quick);
        await use.IsServedAsync();

        use.Begin();
        await AskAsync(server, begin);
        await IsDownAndBackOnceAsync(use, reason, () => AskAsync(server, end));
    }

    [Fact]
    public async Task A_server_that_is_paused_is_down_once_and_back_once()
    {
        await using var server = await RedisProcess.StartAsync();
        await using var use = new NodeUse(server.Address, Quick with { Budget = TimeSpan.FromMilliseconds(300) });
        await use.IsServedAsync();

        use.Begin();
        // Not even the command that ends a pause is executed meanwhile.
        await server.AskAsync("client", "pause", "10000", "all");
        await IsDownAndBackOnceAsync(use, "No response", () => Task.CompletedTask);
    }

    [Fact]
    public async Task A_server_with_a_busy_script_is_down_once_and_back_once()
    {
        await using var server = await RedisProcess.StartAsync("--busy-reply-threshold", "100");
        await using var use = new NodeUse(server.Address, Quick);
        await use.IsServedAsync();

        use.Begin();
        // The server answers it with an error when it is ended.
        var script = Assert.ThrowsAsync<InvalidOperationException>(() => server.AskAsync("eval", "while true do end", "0"));
        await IsDownAndBackOnceAsync(use, "BUSY", () => server.AskAsync("script", "kill"));
        await script;
    }

    [Fact]
    public async Task A_server_that_loads_its_data_is_down_once_and_back_once()
    {
        await using var server = await RedisProcess.StartAsync(
            "--enable-debug-command", "yes", "--loading-process-events-interval-bytes", "1024");
        await using var use = new NodeUse(server.Address, Quick);
        await use.IsServedAsync();
        await server.AskAsync("debug", "populate", "100000");
        await server.AskAsync("config", "set", "key-load-delay", "100");

        use.Begin();
        var loading = server.AskAsync("debug", "reload");
        await IsDownAndBackOnceAsync(use, "LOADING", () => server.AskAsync("config", "set", "key-load-delay", "0"));
        await loading;
    }

    [Theory]
    [InlineData("", "NOAUTH")]
    [InlineData(",password=guess", "WRONGPASS")]
    public async Task A_wrong_password_is_named(string password, string reason)
    {
        await using var server = await RedisProcess.StartAsync("--requirepass", "secret");

        await using var use = new NodeUse($"{server.Address}{password}", Quick);

        // In one step: without a password in between, the server would let the node in for a moment.
        await IsDownAndBackOnceAsync(
            use, reason, () => AskAsync(server, [$"-a secret config set requirepass {password.Split('=')[^1]}"]));
        Assert.DoesNotContain(use.Log.Warnings, line => line.Contains("guess", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_whose_certificate_is_replaced_by_an_unknown_authoritys_is_down_once_and_back_once()
    {
        var folder = Directory.CreateTempSubdirectory("orleanscache-certificates-");
        using var authority = new TestAuthority(folder.FullName, "authority");
        using var unknown = new TestAuthority(folder.FullName, "unknown");
        var (good, bad) = (authority.Issue("localhost"), unknown.Issue("localhost", "unknown-localhost.pem"));
        await using var server = await RedisProcess.StartAsync(
            "--tls-cert-file", good, "--tls-key-file", good, "--tls-ca-cert-file", authority.File, "--tls-auth-clients", "no");
        var port = FreePort.Find();
        await server.AskAsync("config", "set", "tls-port", port.ToString(CultureInfo.InvariantCulture));
        await using var use = new NodeUse(
            string.Create(CultureInfo.InvariantCulture, $"localhost:{port},ssl=true"),
            Quick with { Tls = new() { Authority = authority.File } });
        await use.IsServedAsync();

        use.Begin();
        await HasAsync(bad);
        await IsDownAndBackOnceAsync(use, "certificate", () => HasAsync(good));
        folder.Delete(recursive: true);

        Task HasAsync(string certificate) => AskAsync(
            server, [$"config set tls-cert-file {certificate} tls-key-file {certificate}", "client kill type normal skipme yes"]);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_down_with_a_reason()
    {
        await using var use = new NodeUse("127.0.0.1:1", Quick);

        await use.IsAsync(NodeState.Down);

        // "It was not possible to connect", or "it is not connected yet" where a busy machine has not refused the connection in time.
        Assert.Contains("connect", use.Node.Health.Reason, StringComparison.Ordinal);
        Assert.Contains(use.Log.Warnings, line => line.Contains("Check that it runs", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_smallest_user_of_the_documentation_reads_writes_removes_and_purges()
    {
        await using var server = await RedisProcess.StartAsync();
        await server.AskAsync(DocumentedUser.Command("secret"));

        await using var use = new NodeUse($"{server.Address},user={DocumentedUser.Name},password=secret", Quick);
        await use.IsServedAsync();
        await use.Node.RemoveAsync(["book::1"], default);
        var purge = await use.Node.ClearAsync(default);

        Assert.Empty(purge.Problems);
        Assert.True(purge.Removed > 0);
        Assert.Equal(NodeState.Up, (await use.Node.ProbeAsync(default)).State);
        Assert.Empty(use.Log.Warnings);
    }

    private static async Task AskAsync(RedisProcess server, string[] commands)
    {
        foreach (var command in commands)
            await server.AskAsync(command.Split(' '));
    }

    private async Task IsDownAndBackOnceAsync(NodeUse use, string reason, Func<Task> end)
    {
        await use.IsAsync(NodeState.Down);
        await Eventually.IsTrueAsync(
            () => use.Node.Health.Reason?.Contains(reason, StringComparison.Ordinal) is true, $"{reason} is told");
        await use.IsUsedOnAsync();
        Assert.Equal(NodeState.Down, use.Node.Health.State);
        await end();
        output.WriteLine(await use.IsNormalAsync(reason));
        Assert.Single(use.States, NodeState.Down);
        Assert.Single(use.States, NodeState.Up);
        Assert.InRange(use.Cost.Lines, 2, MostLines);
    }
}

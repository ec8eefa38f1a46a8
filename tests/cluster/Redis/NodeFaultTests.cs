using System.Globalization;
using OrleansCache.Redis;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Redis;

/// <summary>
/// What a server does when it is in trouble but answers: the node leaves once and is back once, it serves what it still can, and says why.
/// </summary>
public sealed class NodeFaultTests
{
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

        await AskAsync(server, begin);
        await use.IsAsync(NodeState.Degraded);
        use.Forget();
        await use.IsUsedOnAsync();

        Assert.All(use.Reads.Values, reads => Assert.Equal(0, reads.Failed));
        Assert.All(use.Writes.Values, writes => Assert.Equal(0, writes.Served));
        Assert.Contains(reason, use.Node.Health.Reason, StringComparison.Ordinal);
        await AskAsync(server, end);
        await use.IsAsync(NodeState.Up);
        await use.IsServedAsync();
        Assert.Equal([NodeState.Degraded, NodeState.Up], use.States);
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

        await server.AskAsync("bgsave");
        await use.IsAsync(NodeState.Degraded);
        use.Forget();
        await use.IsUsedOnAsync();

        Assert.All(use.Reads.Values, reads => Assert.Equal(0, reads.Failed));
        Assert.Contains("MISCONF", use.Node.Health.Reason, StringComparison.Ordinal);
        await server.AskAsync("config", "set", "stop-writes-on-bgsave-error", "no");
        await use.IsAsync(NodeState.Up);
        Assert.Equal([NodeState.Degraded, NodeState.Up], use.States);
    }

    public static TheoryData<string[], string[], string> Outages => new()
    {
        { ["acl setuser default resetkeys ~other:*"], ["acl setuser default allkeys"], "NOPERM" },
        { ["client pause 600000 write"], ["client unpause"], "No response" },
        { ["config set requirepass new", "-a new client kill type normal skipme yes"], ["-a new config set requirepass "], "NOAUTH" },
    };

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task A_server_that_serves_nothing_is_down_once_and_back_once(string[] begin, string[] end, string reason)
    {
        await using var server = await RedisProcess.StartAsync();
        await using var use = new NodeUse(server.Address, Quick);
        await use.IsServedAsync();

        await AskAsync(server, begin);
        await IsDownAndBackOnceAsync(use, reason, () => AskAsync(server, end));
    }

    [Fact]
    public async Task A_server_that_is_paused_is_down_once_and_back_once()
    {
        await using var server = await RedisProcess.StartAsync();
        await using var use = new NodeUse(server.Address, Quick with { Budget = TimeSpan.FromMilliseconds(300) });
        await use.IsServedAsync();

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

        await IsDownAndBackOnceAsync(use, reason, () => AskAsync(server, ["-a secret config set requirepass ", .. Pass(password)]));
        Assert.DoesNotContain(use.Log.Warnings, line => line.Contains("guess", StringComparison.Ordinal));

        static string[] Pass(string password) => password.Length == 0 ? [] : ["config set requirepass guess"];
    }

    [Fact]
    public async Task A_certificate_of_an_unknown_authority_is_named()
    {
        using var certificate = new SelfSignedCertificate();
        await using var server = await RedisProcess.StartAsync(
            "--tls-cert-file", certificate.CertificateFile, "--tls-key-file", certificate.KeyFile,
            "--tls-ca-cert-file", certificate.CertificateFile, "--tls-auth-clients", "no");
        var port = await FreeTlsPortAsync(server);

        await using var use = new NodeUse(string.Create(CultureInfo.InvariantCulture, $"localhost:{port},ssl=true"), Quick);
        await use.IsAsync(NodeState.Down);
        await use.IsUsedOnAsync();

        Assert.Contains("certificate", use.Node.Health.Reason, StringComparison.OrdinalIgnoreCase);
        Assert.Equal([NodeState.Down], use.States.Where(state => state != NodeState.Degraded));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_down_with_a_reason()
    {
        await using var use = new NodeUse("127.0.0.1:1", Quick);

        await use.IsAsync(NodeState.Down);

        Assert.Contains("not possible to connect", use.Node.Health.Reason, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(use.Log.Warnings, line => line.Contains("Check that it runs", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_smallest_user_of_the_documentation_reads_writes_removes_and_purges()
    {
        await using var server = await RedisProcess.StartAsync();
        var user = (await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "redis.md")))
            .Single(line => line.StartsWith("ACL SETUSER node ", StringComparison.Ordinal));
        await AskAsync(server, [user.Replace("SECRET", "secret", StringComparison.Ordinal)]);

        await using var use = new NodeUse($"{server.Address},user=node,password=secret", Quick);
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

    private static async Task<int> FreeTlsPortAsync(RedisProcess server)
    {
        var port = OrleansCache.LocalClusters.FreePort.Find();
        await server.AskAsync("config", "set", "tls-port", port.ToString(CultureInfo.InvariantCulture));
        return port;
    }

    private static async Task IsDownAndBackOnceAsync(NodeUse use, string reason, Func<Task> end)
    {
        await use.IsAsync(NodeState.Down);
        await Eventually.IsTrueAsync(
            () => use.Node.Health.Reason?.Contains(reason, StringComparison.Ordinal) is true, $"{reason} is told");
        await use.IsUsedOnAsync();
        Assert.Equal(NodeState.Down, use.Node.Health.State);
        await end();
        await use.IsAsync(NodeState.Up);
        await use.IsServedAsync();
        Assert.Single(use.States, NodeState.Down);
        Assert.Single(use.States, NodeState.Up);
        // One line for reads, one for writes, and no second one within a minute.
        Assert.InRange(use.Log.Warnings.Count, 1, 3);
    }
}

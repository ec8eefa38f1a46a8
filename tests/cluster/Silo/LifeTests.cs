using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using OrleansCache.LocalClusters;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Silo;

public sealed class LifeTests
{
    [Fact]
    public async Task A_silo_writes_that_it_is_ready_and_shuts_down_gracefully_on_SIGTERM()
    {
        await using var scene = new SiloScene();

        var silo = await scene.StartAsync(scene.Silo("europe"));

        Assert.Contains($"ready europe.1 silo=127.0.0.1:{silo.Options.SiloPort} gateway=127.0.0.1:{silo.Options.GatewayPort}", silo.Lines);
        Assert.Equal(0, await silo.StopAsync(SiloScene.Bound));
    }

    [Fact]
    public async Task Ctrl_C_shuts_it_down_gracefully_too()
    {
        await using var scene = new SiloScene();
        var options = scene.Silo("europe");
        // Background children of a shell inherit SIGINT ignored, and these tests may run in one.
        using var silo = Process.Start(new ProcessStartInfo("env",
        [
            "--default-signal=INT", "dotnet", SiloScene.Program, "--region", "europe", "--config", scene.SettingsFile,
            "--silo-port", $"{options.SiloPort}", "--gateway-port", $"{options.GatewayPort}",
        ]) { RedirectStandardOutput = true })!;
        try
        {
            Assert.StartsWith("ready europe.1", await silo.StandardOutput.ReadLineAsync().WaitAsync(SiloScene.Bound));

            using var kill = Process.Start("kill", ["-INT", $"{silo.Id}"]);

            await silo.WaitForExitAsync().WaitAsync(SiloScene.Bound);
            Assert.Equal(0, silo.ExitCode);
        }
        finally
        {
            silo.Kill();
        }
    }

    [Fact]
    public async Task The_health_check_is_answered_by_the_HTTP_server_of_the_silo_while_it_runs()
    {
        await using var scene = new SiloScene();
        var port = FreePort.Find();
        var silo = await scene.StartAsync(scene.Silo("europe", $"--OrleansCache:Http:Port={port}"));
        string[] question = ["health", "--url", $"http://127.0.0.1:{port}"];

        await AnswersAsync(question, "\"silo\":\"europe.1\"");

        await silo.KillAsync();
        var gone = await Run.ToEndAsync(question);
        Assert.Equal(3, gone.ExitCode);
        Assert.Contains($"127.0.0.1:{port}", gone.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_key_is_printed_with_its_hash()
    {
        var run = await Run.InProcessAsync(["key"]);

        var words = run.Output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var (key, hash) = (words[Array.IndexOf(words, "key:") + 1], words[Array.IndexOf(words, "hash:") + 1]);
        Assert.Equal(0, run.ExitCode);
        Assert.True(key.Length > 40, key);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))), hash);
    }

    [Fact]
    public async Task A_silo_waits_for_a_clustering_Redis_that_comes_up_after_it_and_can_be_stopped_meanwhile()
    {
        var port = FreePort.Find();
        await using var scene = new SiloScene($"127.0.0.1:{port}");
        var stopped = await scene.LaunchAsync(scene.Silo("asia"));
        var waits = $"Waiting for the clustering Redis 127.0.0.1:{port}";
        await stopped.WaitForLineAsync(waits).WaitAsync(SiloScene.Bound);
        Assert.Equal(0, await stopped.StopAsync(SiloScene.Bound));
        var waiting = await scene.LaunchAsync(scene.Silo("europe"));
        await waiting.WaitForLineAsync(waits).WaitAsync(SiloScene.Bound);

        await using var redis = await LocalRedisServer.StartAsync(port);

        await waiting.WaitUntilReadyAsync();
    }

    [Fact]
    public async Task A_dependency_that_is_not_ready_in_time_fails_the_start_and_is_named()
    {
        var port = FreePort.Find();
        await using var scene = new SiloScene($"127.0.0.1:{port}");

        var silo = await scene.LaunchAsync(scene.Silo("europe", "--OrleansCache:StartPatience=00:00:01"));

        var line = await silo.WaitForLineAsync("europe.1 could not start").WaitAsync(SiloScene.Bound);
        Assert.Contains($"127.0.0.1:{port}", line, StringComparison.Ordinal);
        Assert.Equal(1, await silo.Ended.WaitAsync(SiloScene.Bound));
    }

    [Fact]
    public async Task A_file_that_is_no_database_fails_the_start_at_once()
    {
        await using var scene = new SiloScene();
        await File.WriteAllTextAsync(scene.CatalogFile, new string('x', 10_000));

        var silo = await scene.LaunchAsync(scene.Silo("europe"));

        var line = await silo.WaitForLineAsync("europe.1 could not start").WaitAsync(SiloScene.Bound);
        Assert.Contains("is not a SQLite database", line, StringComparison.Ordinal);
        Assert.Equal(1, await silo.Ended.WaitAsync(SiloScene.Bound));
    }

    [Fact]
    public async Task A_port_in_use_fails_the_start_and_is_named()
    {
        await using var scene = new SiloScene();
        var first = await scene.StartAsync(scene.Silo("europe"));

        var second = await scene.LaunchAsync(scene.Silo("asia") with { GatewayPort = first.Options.GatewayPort });

        Assert.Equal(1, await second.Ended.WaitAsync(SiloScene.Bound));
        var reason = $"could not start: it cannot listen on 127.0.0.1:{first.Options.GatewayPort}";
        Assert.Contains(second.Lines, line => line.Contains(reason, StringComparison.Ordinal));
    }

    /// <summary>Asks until there is an answer, which must be right: on a busy machine a check may time out.</summary>
    private static Task AnswersAsync(string[] question, string answer) => Eventually.IsTrueAsync(
        async () =>
        {
            var run = await Run.InProcessAsync(question);
            Assert.True(run.ExitCode != 0 || run.Output.Contains(answer, StringComparison.Ordinal), run.Output);
            return run.ExitCode == 0;
        },
        $"the health check says \"{answer}\"");
}

using System.Diagnostics;
using OrleansCache.LocalClusters;
using OrleansCache.TestSupport;
using StackExchange.Redis;

namespace OrleansCache.Tests.LocalClusters;

public sealed class LocalRedisServerTests
{
    [Fact]
    public async Task It_answers_when_it_is_started_and_its_port_is_free_when_it_is_disposed()
    {
        int port;
        await using (var server = await LocalRedisServer.StartAsync())
        {
            port = server.Port;
            using var redis = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
            await redis.GetDatabase().StringSetAsync("a", "b");
        }

        await using var second = await LocalRedisServer.StartAsync(port);
        using var again = await ConnectionMultiplexer.ConnectAsync(second.ConnectionString);
        Assert.True((await again.GetDatabase().StringGetAsync("a")).IsNull);
    }

    [Fact]
    public async Task Its_end_is_noticed()
    {
        await using var server = await LocalRedisServer.StartAsync();
        Assert.False(server.Ended.IsCompleted);

        using (var process = Process.GetProcessById(server.ProcessId))
            process.Kill();

        await server.Ended.WaitAsync(Eventually.Bound);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_reported()
    {
        await using var server = await LocalRedisServer.StartAsync();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => LocalRedisServer.StartAsync(server.Port));

        Assert.Contains($"{server.Port}", error.Message, StringComparison.Ordinal);
        Assert.Contains("in use", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task One_that_is_started_again_is_empty_on_its_port()
    {
        await using var server = await LocalRedisServer.StartAsync();
        await SetAsync(server);

        await server.KillAsync();
        await server.RestartAsync();

        Assert.True((await GetAsync(server)).IsNull);
    }

    [Fact]
    public async Task One_that_keeps_its_data_has_it_again_after_it_was_killed_unless_it_is_to_be_empty()
    {
        await using var server = await LocalRedisServer.StartAsync(keepsData: true);
        await SetAsync(server);

        await server.KillAsync();
        await server.RestartAsync();
        Assert.Equal("b", await GetAsync(server));

        await server.RestartAsync(empty: true);
        Assert.True((await GetAsync(server)).IsNull);
    }

    [Fact]
    public async Task A_paused_server_responds_when_it_is_resumed()
    {
        await using var server = await LocalRedisServer.StartAsync();
        using var redis = await ConnectionMultiplexer.ConnectAsync($"{server.ConnectionString},syncTimeout=60000");

        await server.PauseAsync();
        var answer = redis.GetDatabase().StringGetAsync("a");
        Assert.False(answer.IsCompleted);
        await server.ResumeAsync();

        Assert.True((await answer.WaitAsync(Eventually.Bound)).IsNull);
        await redis.CloseAsync(allowCommandsToComplete: false);
    }

    private static async Task SetAsync(LocalRedisServer server)
    {
        using var redis = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
        await redis.GetDatabase().StringSetAsync("a", "b");
    }

    private static async Task<RedisValue> GetAsync(LocalRedisServer server)
    {
        using var redis = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
        return await redis.GetDatabase().StringGetAsync("a");
    }
}

using Microsoft.Extensions.Logging.Abstractions;
using OrleansCache.Redis;
using OrleansCache.TestSupport;
using OrleansCache.Timing;

namespace OrleansCache.Tests.Redis;

public sealed class MemoryNodeTests : NodeContract
{
    [Fact]
    public async Task Nodes_of_several_silos_share_the_server_of_a_name()
    {
        var (servers, clock) = Servers(1 << 20);
        await using var one = Node(servers, clock, "memory:eu-1");
        await using var two = Node(servers, clock, "memory:eu-1");
        await using var other = Node(servers, clock, "memory:eu-2");

        await one.WriteAsync(Row("a", 1), Minute, overwrite: false, default);

        Assert.NotNull(await two.ReadAsync("a", default));
        Assert.Null(await other.ReadAsync("a", default));
    }

    [Fact]
    public async Task A_full_server_loses_the_least_recently_used_books()
    {
        var (servers, clock) = Servers(10_000);
        await using var node = Node(servers, clock, "memory:eu-1");
        await node.WriteAsync(Row("used", 1), Minute, overwrite: false, default);

        for (var i = 0; i < 1000; i++)
        {
            await node.WriteAsync(Row($"book::{i}", 1), Minute, overwrite: false, default);
            Assert.NotNull(await node.ReadAsync("used", default));
        }

        Assert.InRange(servers.Get("eu-1").Bytes, 1, 10_000);
        Assert.Null(await node.ReadAsync("book::0", default));
        Assert.NotNull(await node.ReadAsync("book::999", default));
    }

    [Fact]
    public async Task Expired_and_replaced_entries_take_no_room()
    {
        var (servers, clock) = Servers(1 << 30);
        await using var node = Node(servers, clock, "memory:eu-1");
        for (var i = 0; i < 100; i++)
        {
            await node.WriteAsync(Row($"book::{i}", 1), Minute, overwrite: false, default);
            await node.WriteAsync(Row($"book::{i}", 2), TimeSpan.FromMinutes(2), overwrite: false, default);
        }

        clock.Advance(Minute);
        Assert.Equal(100, servers.Get("eu-1").Count);
        clock.Advance(Minute);
        Assert.Equal(0, servers.Get("eu-1").Count);
        Assert.Equal(0, servers.Get("eu-1").Bytes);
    }

    private protected override Task<INodeBackend> CreateBackendAsync() => Task.FromResult<INodeBackend>(new MemoryBackend());

    private static (MemoryServers Servers, ManualClock Clock) Servers(long bytes)
    {
        var clock = new ManualClock();
        return (new(clock, new() { MemoryServerBytes = bytes }), clock);
    }

    private static INode Node(MemoryServers servers, ManualClock clock, string connection) =>
        new NodeFactory(new(), TestEntries.Scope, servers, clock, ProcessLag.None, NullLoggerFactory.Instance)
            .Create(new("eu-1", connection));
}

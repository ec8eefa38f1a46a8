using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansCache.Catalogs;
using OrleansCache.Configuration;
using OrleansCache.Redis;
using OrleansCache.Topology;

namespace OrleansCache.Tests.Topology;

/// <summary>What of a region's nodes the catalog keeps.</summary>
public sealed class SettingsTopologyTests
{
    private const string Secret = "redis-1:6379,password=top-secret";

    private readonly Stored _store = new();

    [Fact]
    public async Task Connections_of_the_settings_are_kept_by_reference_and_follow_the_settings()
    {
        var before = Of(("eu-1", Secret));
        await before.WriteAsync("eu", new(1, [new("eu-1", Secret, 50), new("eu-2", Secret), new("eu-3", "redis-3:6379")]), default);

        Assert.Equal(["settings:eu-1", "settings:eu-1", "redis-3:6379"], _store.Topology!.Nodes.Select(node => node.Connection));
        var after = await Of(("eu-1", "redis-9:6379")).ReadAsync("eu", default);
        Assert.Equal(
            [new("eu-1", "redis-9:6379", 50), new("eu-2", "redis-9:6379"), new NodeDefinition("eu-3", "redis-3:6379")],
            after!.Nodes.AsEnumerable());
    }

    [Fact]
    public async Task A_node_whose_settings_are_gone_is_left_out()
    {
        await Of(("eu-1", Secret)).WriteAsync("eu", new(1, [new("eu-1", Secret), new("eu-3", "redis-3:6379")]), default);

        var read = await Of(("eu-2", "redis-2:6379")).ReadAsync("eu", default);

        Assert.Equal("eu-3", Assert.Single(read!.Nodes).Name);
    }

    [Theory]
    [InlineData("redis-3:6379", "redis-3:6379")]
    [InlineData("redis-3:6379,password=${env:PASSWORD}", "redis-3:6379,password=${env:PASSWORD}")]
    [InlineData("memory:x", "memory:x")]
    [InlineData("settings:eu-1", Secret)]
    [InlineData(Secret, Secret)]
    public void An_operator_may_give(string given, string taken) => Assert.Equal(taken, Of(("eu-1", Secret)).Given("eu", given));

    [Theory]
    [InlineData("redis-3:6379,password=in-clear")]
    [InlineData("settings:eu-9")]
    public void A_password_in_clear_and_an_unknown_reference_are_refused_without_telling_a_secret(string given)
    {
        var error = Assert.Throws<InvalidTopologyException>(() => Of(("eu-1", Secret)).Given("eu", given));
        Assert.DoesNotContain("in-clear", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("top-secret", error.Message, StringComparison.Ordinal);
    }

    private SettingsTopology Of(params (string Name, string Connection)[] nodes)
    {
        var region = new RegionOptions
        {
            Name = "eu",
            Nodes = [.. nodes.Select(node => new RegionNodeOptions { Name = node.Name, Connection = node.Connection })],
        };
        return new(_store, Options.Create(new CacheOptions { Home = "eu", Regions = [region] }), NullLogger<SettingsTopology>.Instance);
    }

    private sealed class Stored : ITopologyStore
    {
        public StoredTopology? Topology { get; private set; }

        public Task<StoredTopology?> ReadTopologyAsync(string region, CancellationToken cancellation) => Task.FromResult(Topology);

        public Task<bool> WriteTopologyAsync(string region, StoredTopology topology, CancellationToken cancellation)
        {
            Topology = topology;
            return Task.FromResult(true);
        }
    }
}

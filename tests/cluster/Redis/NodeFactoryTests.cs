using Microsoft.Extensions.Logging.Abstractions;
using OrleansCache.Entries;
using OrleansCache.Redis;
using OrleansCache.Timing;

namespace OrleansCache.Tests.Redis;

public sealed class NodeFactoryTests
{
    private readonly NodeFactory _factory =
        new(new(), TestEntries.Scope, new(Clock.System, new()), Clock.System, ProcessLag.None, NullLoggerFactory.Instance);

    [Theory]
    [InlineData("memory:eu-1", "memory:eu-1")]
    [InlineData("redis-1", "redis-1:6379")]
    [InlineData("redis-1:7000", "redis-1:7000")]
    [InlineData("redis-1:7000,redis-2:7001", "redis-1:7000,redis-2:7001")]
    [InlineData("10.0.0.1:6379,password=hunter2,ssl=false", "10.0.0.1:6379")]
    [InlineData("redis-1,password=hunter2,ssl=true", "redis-1:6380")]
    [InlineData("watch-1,watch-2:7000,serviceName=books,password=hunter2,ssl=true", "books@watch-1:26379,watch-2:7000")]
    public void The_address_is_the_servers_alone(string connection, string address) =>
        Assert.Equal(address, _factory.AddressOf(connection));

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("password=hunter2")]
    [InlineData("memory:")]
    [InlineData("memory:a/b")]
    [InlineData("redis-1:6379,colour=hunter2")]
    [InlineData("redis-1:6379,ssl=hunter2")]
    [InlineData("redis://user:hunter2@redis-1:6379")]
    [InlineData("redis-1:6379,password=x,y=hunter2")]
    public void A_connection_string_that_cannot_be_used_is_refused_without_being_quoted(string connection)
    {
        var error = Assert.Throws<InvalidTopologyException>(() => _factory.AddressOf(connection));
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
        Assert.Throws<InvalidTopologyException>(() => _factory.Create(new("eu-1", connection)));
    }

    [Fact]
    public void The_part_that_is_wrong_is_named()
    {
        var error = Assert.Throws<InvalidTopologyException>(() => _factory.AddressOf("redis-1:6379,ssl=true,colour=blue"));
        Assert.Contains("Part 3 of the 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Making_a_node_does_not_wait_for_its_server()
    {
        // An address of a documentation network: connections are neither accepted nor refused.
        await using var node = _factory.Create(new("eu-1", "192.0.2.1:6379,connectTimeout=100"));
        Assert.Equal(NodeState.Up, node.Health.State);
        Assert.Equal("eu-1", node.Name);
    }

    [Fact]
    public void Settings_that_cannot_be_used_are_named()
    {
        Assert.Empty(new NodeOptions().Problems());
        var problems = new NodeOptions
        {
            Budget = TimeSpan.Zero,
            MaxInFlight = 0,
            FailureRatio = 0,
            MinimumThroughput = 1,
            SamplingDuration = TimeSpan.Zero,
            RetryAfter = TimeSpan.Zero,
            MemoryServerBytes = 0,
        }.Problems().ToArray();
        Assert.Equal(7, problems.Length);
        Assert.Contains(problems, problem => problem.StartsWith("MaxInFlight is 0;", StringComparison.Ordinal));
        Assert.Contains("MaxInFlight is 4;", Assert.Single(new NodeOptions { MaxInFlight = 4 }.Problems()), StringComparison.Ordinal);
    }
}

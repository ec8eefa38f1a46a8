using System.Collections.Immutable;
using OrleansCache.Redis;
using OrleansCache.TestSupport;
using OrleansCache.Topology;

namespace OrleansCache.Tests.Topology;

public sealed class RegionRoutesTests : IAsyncLifetime
{
    private static readonly NodeDefinition One = new("one", "memory:one");
    private static readonly NodeDefinition Two = new("two", "memory:two");

    private static readonly TimeSpan TimeToLive = TimeSpan.FromMinutes(10);

    private readonly FakeNodeFactory _factory = new();
    private readonly ManualClock _clock = new();
    private readonly RegionRoutes _routes;

    public RegionRoutesTests() => _routes = new("europe", _factory, TimeToLive, _clock);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _routes.DisposeAsync().AsTask();

    [Fact]
    public void Before_there_is_a_ring_no_book_has_a_node()
    {
        Assert.Null(_routes.NodeOf("book"));
        Assert.True(_routes.Version < 0);
        Assert.Null(_routes.NodeNamed("one"));
    }

    [Fact]
    public void A_book_has_the_node_that_the_ring_gives_it()
    {
        Take(1, [One, Two]);
        var ring = HashRing.Create(1, [new("one"), new("two")]);

        Assert.All(Enumerable.Range(0, 200).Select(i => $"book::{i}"), key =>
        {
            Assert.Equal(ring.MemberOf(key), _routes.NodeOf(key)!.Name);
            Assert.Same(_routes.NodeOf(key), _routes.NodeOf(CacheKey.Parse(key)));
        });
    }

    [Fact]
    public void An_older_ring_is_not_taken()
    {
        Take(5, [One, Two]);
        Take(4, [One]);
        Take(5, [One]);

        Assert.Equal(5, _routes.Version);
        Assert.NotNull(_routes.NodeNamed("two"));
    }

    [Fact]
    public void A_node_keeps_its_connection_when_its_weight_changes_and_while_it_is_down()
    {
        Take(1, [One, Two]);
        var node = _routes.NodeNamed("one");

        Take(2, [One with { Weight = 300 }, Two], "one");
        Assert.All(Enumerable.Range(0, 200), i => Assert.Equal("two", _routes.NodeOf($"book::{i}")!.Name));
        Take(3, [One, Two]);

        Assert.Same(node, _routes.NodeNamed("one"));
        Assert.Equal(2, _factory.Made.Count);
        Assert.DoesNotContain(_factory.Made, made => made.IsClosed);
    }

    [Fact]
    public void A_node_with_another_connection_is_another_node_and_the_old_one_is_closed_later()
    {
        Take(1, [One, Two]);
        Take(2, [One with { Connection = "memory:elsewhere" }]);

        Assert.Equal("memory:elsewhere", ((FakeNode)_routes.NodeNamed("one")!).Definition.Connection);
        Assert.Equal([false, false, false], _factory.Made.Select(made => made.IsClosed));
        _clock.Advance(TimeToLive);
        Assert.Equal([true, true, false], _factory.Made.Select(made => made.IsClosed));
    }

    [Fact]
    public void Without_a_node_that_is_up_no_book_has_one()
    {
        Take(1, [One], "one");

        Assert.Null(_routes.NodeOf("book"));
        Assert.NotNull(_routes.NodeNamed("one"));
    }

    [Fact]
    public void Nodes_that_are_not_up_are_reported_as_long_as_they_are_nodes()
    {
        Take(1, [One, Two]);
        var heard = new List<string>();
        _routes.NodeChanged = node => heard.Add(node.Name);

        _factory.Made[0].Turn(isUp: false);
        Assert.Equal([new("one", NodeState.Down, "turned off")], _routes.Troubles());
        Take(2, [Two]);
        Assert.Empty(_routes.Troubles());
        _factory.Made[0].Turn(isUp: false);
        Take(3, [One, Two]);

        Assert.Empty(_routes.Troubles());
        Assert.Equal(["one"], heard);
    }

    [Fact]
    public async Task Disposal_closes_all_nodes_and_no_ring_is_taken_afterwards()
    {
        Take(1, [One, Two]);

        await _routes.DisposeAsync();
        Take(2, [One]);

        Assert.All(_factory.Made, made => Assert.True(made.IsClosed));
        Assert.Equal(2, _factory.Made.Count);
        Assert.Null(_routes.NodeOf("book"));
    }

    private void Take(long version, ImmutableArray<NodeDefinition> nodes, params ImmutableArray<string> down) =>
        _routes.Take(new("europe", version, nodes, down));
}

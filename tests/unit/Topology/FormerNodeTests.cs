using System.Collections.Immutable;
using OrleansCache.Redis;
using OrleansCache.TestSupport;
using OrleansCache.Topology;

namespace OrleansCache.Tests.Topology;

/// <summary>Where a key is read that has another node since the ring changed.</summary>
public sealed class FormerNodeTests : IAsyncLifetime
{
    private static readonly TimeSpan TimeToLive = TimeSpan.FromMinutes(10);
    private static readonly NodeDefinition One = new("one", "memory:one");
    private static readonly NodeDefinition Two = new("two", "memory:two");
    private static readonly NodeDefinition Three = new("three", "memory:three");
    private static readonly CacheKey[] Keys = [.. Enumerable.Range(0, 400).Select(i => CacheKey.Parse($"book::{i}"))];

    private readonly FakeNodeFactory _factory = new();
    private readonly ManualClock _clock = new();
    private readonly RegionRoutes _routes;

    public FormerNodeTests() => _routes = new("europe", _factory, TimeToLive, _clock);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _routes.DisposeAsync().AsTask();

    [Fact]
    public void Keys_that_a_new_node_takes_are_read_where_they_were_and_no_others()
    {
        Take(1, [One, Two]);
        var before = Nodes();
        Assert.All(Keys, key => Assert.Null(_routes.FormerNodeOf(key)));

        Take(2, [One, Two, Three]);

        Assert.Contains(Keys, HasMoved);
        Assert.All(Keys, key => Assert.Same(HasMoved(key) ? before[key] : null, _routes.FormerNodeOf(key)));

        bool HasMoved(CacheKey key) => _routes.NodeOf(key)!.Name == "three";
    }

    [Fact]
    public void A_change_of_weight_moves_keys_too()
    {
        Take(1, [One, Two]);
        var before = Nodes();

        Take(2, [One, Two with { Weight = 50 }]);

        var moved = Keys.Where(key => _routes.NodeOf(key) != before[key]).ToArray();
        Assert.NotEmpty(moved);
        Assert.Equal(moved, Keys.Where(key => _routes.FormerNodeOf(key) is not null));
        Assert.All(moved, key => Assert.Same(before[key], _routes.FormerNodeOf(key)));
    }

    [Fact]
    public void A_time_to_live_after_the_change_no_former_node_is_read()
    {
        Take(1, [One]);
        Take(2, [One, Two]);

        _clock.Advance(TimeToLive - TimeSpan.FromMilliseconds(1));
        Assert.Contains(Keys, key => _routes.FormerNodeOf(key) is not null);
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.All(Keys, key => Assert.Null(_routes.FormerNodeOf(key)));
        Assert.DoesNotContain(_factory.Made, made => made.IsClosed);
    }

    [Fact]
    public void A_removed_node_is_read_for_a_time_to_live_and_then_closed()
    {
        Take(1, [One, Two]);
        var before = Nodes();

        Take(2, [One]);

        Assert.All(Keys, key => Assert.Same(before[key].Name == "two" ? before[key] : null, _routes.FormerNodeOf(key)));
        Assert.Equal(["one"], _routes.Nodes().Select(node => node.Name));
        Assert.Null(_routes.NodeNamed("two"));
        _clock.Advance(TimeToLive - TimeSpan.FromMilliseconds(1));
        Assert.Equal(["two"], _routes.RemovedNodes().Select(node => node.Name));
        Assert.DoesNotContain(_factory.Made, made => made.IsClosed);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Empty(_routes.RemovedNodes());
        Assert.Equal([false, true], _factory.Made.Select(made => made.IsClosed));
        Assert.All(Keys, key => Assert.Null(_routes.FormerNodeOf(key)));
    }

    [Fact]
    public void A_removed_node_that_fails_is_closed_at_once()
    {
        Take(1, [One, Two]);
        Take(2, [One]);

        _factory.Made[1].Turn(isUp: false);

        Assert.Equal([false, true], _factory.Made.Select(made => made.IsClosed));
        Assert.All(Keys, key => Assert.Null(_routes.FormerNodeOf(key)));
    }

    [Fact]
    public void A_removed_node_that_is_added_again_keeps_its_connection()
    {
        var heard = new List<string>();
        _routes.NodeChanged = node => heard.Add(node.Name);
        Take(1, [One, Two]);
        Take(2, [One]);

        Take(3, [One, Two]);
        _clock.Advance(TimeToLive);
        _factory.Made[1].Turn(isUp: false);

        Assert.Equal(2, _factory.Made.Count);
        Assert.DoesNotContain(_factory.Made, made => made.IsClosed);
        Assert.Equal(["two"], heard);
    }

    [Fact]
    public void A_node_that_is_down_is_not_read_even_if_this_silo_reaches_it_but_its_keys_are_where_they_were_when_it_is_back()
    {
        Take(1, [One, Two]);
        var before = Nodes();

        Take(2, [One, Two], "two");
        Assert.All(Keys, key => Assert.Null(_routes.FormerNodeOf(key)));
        Take(3, [One, Two]);

        Assert.All(Keys, key => Assert.Equal(before[key].Name == "two" ? "one" : null, _routes.FormerNodeOf(key)?.Name));
    }

    [Fact]
    public void A_node_that_was_off_the_ring_is_closed_when_it_is_removed()
    {
        Take(1, [One, Two]);
        Take(2, [One, Two], "two");
        Take(3, [One]);

        Assert.Equal([false, true], _factory.Made.Select(made => made.IsClosed));
    }

    [Fact]
    public void A_former_node_whose_circuit_is_open_is_not_read()
    {
        Take(1, [One]);
        Take(2, [One, Two]);

        _factory.Made[0].Turn(isUp: false);

        Assert.All(Keys, key => Assert.Null(_routes.FormerNodeOf(key)));
    }

    [Fact]
    public void Keys_are_read_where_they_were_after_several_changes_too()
    {
        Take(1, [One]);
        Take(2, [One, Two]);
        var between = Nodes();
        _clock.Advance(TimeToLive / 2);

        Take(3, [One, Two, Three]);

        Assert.All(Keys, key => Assert.Equal(
            (_routes.NodeOf(key)!.Name, between[key].Name) switch
            {
                ("three", var last) => last,
                ("two", _) => "one",
                _ => null,
            },
            _routes.FormerNodeOf(key)?.Name));
        _clock.Advance(TimeToLive / 2);
        Assert.All(Keys, key => Assert.Equal(_routes.NodeOf(key)!.Name == "three", _routes.FormerNodeOf(key) is not null));
    }

    [Fact]
    public void A_node_that_comes_and_goes_leaves_only_so_many_former_rings()
    {
        Take(1, [One, Two, Three]);
        for (var version = 2; version < 40; version += 2)
        {
            Take(version, [One, Three]);
            Take(version + 1, [One, Two with { Weight = version }, Three]);
        }

        Take(40, [One, Two]);
        for (var version = 41; version < 45; version++)
            Take(version, [One, Two with { Weight = version }]);

        Assert.Equal([false, false, true], _factory.Made.Select(made => made.IsClosed));
    }

    [Fact]
    public void A_ring_that_gives_each_key_the_same_node_is_no_change()
    {
        Take(1, [One, Two]);
        Take(2, [One, Two, Three]);
        _clock.Advance(TimeToLive / 2);

        Take(3, [Three, Two, One]);
        _clock.Advance(TimeToLive / 2);

        Assert.All(Keys, key => Assert.Null(_routes.FormerNodeOf(key)));
    }

    [Fact]
    public async Task Disposal_closes_removed_nodes_too()
    {
        Take(1, [One, Two]);
        Take(2, [One]);

        await _routes.DisposeAsync();
        _clock.Advance(TimeToLive);

        Assert.All(_factory.Made, made => Assert.True(made.IsClosed));
    }

    private Dictionary<CacheKey, INode> Nodes() => Keys.ToDictionary(key => key, key => _routes.NodeOf(key)!);

    private void Take(long version, ImmutableArray<NodeDefinition> nodes, params ImmutableArray<string> down) =>
        _routes.Take(new("europe", version, nodes, down));
}

using System.Collections.Immutable;
using OrleansCache.Catalogs;
using OrleansCache.Redis;


namespace OrleansCache.Tests.Catalogs;

/// <summary>What every <see cref="ITopologyStore"/> must do.</summary>
public abstract class TopologyStoreContract(TestDatabase database) : CatalogContract(database)
{
    [CatalogFact]
    public async Task A_region_without_changes_has_no_topology() => Assert.Null(await ReadTopologyAsync("europe"));

    [CatalogFact]
    public async Task A_stored_topology_is_read_back_also_by_another_catalog()
    {
        var kept = Topology(1, new("eu-1", "redis-1:6379,password=p\"'\\ä", 50), new("eu-2", "memory:two"));

        Assert.True(await WriteAsync("europe", kept));
        Assert.True(await WriteAsync("asia", Topology(1)));

        var read = await Store(Open()).ReadTopologyAsync("europe", CancellationToken.None);
        Assert.NotNull(read);
        Assert.Equal(1, read.Version);
        Assert.Equal(kept.Nodes.AsEnumerable(), read.Nodes.AsEnumerable());
        Assert.Empty((await ReadTopologyAsync("asia"))!.Nodes);
        Assert.Null(await ReadTopologyAsync("northamerica"));
    }

    [CatalogFact]
    public async Task Only_the_next_version_is_stored()
    {
        Assert.False(await WriteAsync("europe", Topology(2)));
        Assert.Null(await ReadTopologyAsync("europe"));
        Assert.True(await WriteAsync("europe", Topology(1, new NodeDefinition("one", "memory:one"))));
        Assert.False(await WriteAsync("europe", Topology(1, new NodeDefinition("other", "memory:other"))));
        Assert.False(await WriteAsync("europe", Topology(3)));
        Assert.True(await WriteAsync("europe", Topology(2, new NodeDefinition("two", "memory:two"))));
        Assert.False(await WriteAsync("europe", Topology(2)));

        var read = await ReadTopologyAsync("europe");
        Assert.Equal(2, read!.Version);
        Assert.Equal("two", Assert.Single(read.Nodes).Name);
    }

    [CatalogFact]
    public async Task Of_many_who_write_the_same_version_one_wins()
    {
        var catalogs = new[] { Catalog, Open(), Open() }.Select(Store).ToArray();
        for (var version = 1; version <= 10; version++)
        {
            var wins = await Task.WhenAll(Enumerable.Range(0, 9).Select(writer => Task.Run(() =>
                catalogs[writer % 3].WriteTopologyAsync("europe", Topology(version, new NodeDefinition($"by-{writer}", "memory:x")),
                    CancellationToken.None)))).WaitAsync(Patience);

            var winner = Assert.Single(wins.Index(), writer => writer.Item).Index;
            Assert.Equal($"by-{winner}", Assert.Single((await ReadTopologyAsync("europe"))!.Nodes).Name);
        }
    }

    [CatalogFact]
    public async Task A_cancelled_call_does_nothing()
    {
        var givenUp = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store(Catalog).ReadTopologyAsync("europe", givenUp));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store(Catalog).WriteTopologyAsync("europe", Topology(1), givenUp));

        Assert.Null(await ReadTopologyAsync("europe"));
    }

    private static ITopologyStore Store(ICatalog catalog) => Assert.IsAssignableFrom<ITopologyStore>(catalog);

    private static StoredTopology Topology(long version, params ImmutableArray<NodeDefinition> nodes) => new(version, nodes);

    private Task<StoredTopology?> ReadTopologyAsync(string region) => Store(Catalog).ReadTopologyAsync(region, CancellationToken.None);

    private Task<bool> WriteAsync(string region, StoredTopology topology) =>
        Store(Catalog).WriteTopologyAsync(region, topology, CancellationToken.None);
}

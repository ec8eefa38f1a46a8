namespace OrleansCache.Http;

/// <summary>The regions of the cluster, as this silo's client reaches them.</summary>
/// <param name="Home">The region of the catalog.</param>
/// <param name="Here">The region of the silo that answers.</param>
/// <param name="Regions">All regions, in the configured order.</param>
internal sealed record RegionsDocument(string Home, string Here, IReadOnlyList<RegionDocument> Regions);

/// <summary>A region.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Fallback">The regions that answer its readers when it cannot, in order.</param>
/// <param name="Connected">Whether this silo's client is connected to it.</param>
/// <param name="Gateways">Its gateways.</param>
/// <param name="RoundTripMs">The round trip to it, when it is measured.</param>
/// <param name="Silos">Its silos, when it answers.</param>
/// <param name="Problem">Why it is not connected or does not answer.</param>
internal sealed record RegionDocument(
    string Name,
    IReadOnlyList<string> Fallback,
    bool Connected,
    IReadOnlyList<string> Gateways,
    double? RoundTripMs,
    IReadOnlyList<SiloDocument> Silos,
    string? Problem);

/// <summary>A silo, and the round trips that it has measured.</summary>
internal sealed record SiloDocument(string Name, IReadOnlyList<RoundTripDocument> RoundTrips)
{
    public static SiloDocument Of(SiloStatistics silo) =>
        new(silo.Silo, [.. silo.RoundTrips.Select(trip => new RoundTripDocument(trip.Region, trip.Time?.TotalMilliseconds))]);
}

/// <summary>A round trip to a region; without a time while there was no ping.</summary>
internal sealed record RoundTripDocument(string Region, double? RoundTripMs);

/// <summary>A region's ring.</summary>
/// <param name="Region">The region.</param>
/// <param name="Version">Increases with every change.</param>
/// <param name="Nodes">The nodes, sorted by name.</param>
/// <param name="Key">The key that was asked for.</param>
/// <param name="NodeOfKey">The node that it belongs to; null while none is up.</param>
internal sealed record RingDocument(
    string Region, long Version, IReadOnlyList<NodeDocument> Nodes, string? Key = null, string? NodeOfKey = null)
{
    public static RingDocument Of(RegionRing ring, string? key = null)
    {
        var up = ring.Nodes.Where(node => node.IsUp).Select(node => new RingMember(node.Name, node.Weight));
        return new(
            ring.Region,
            ring.Version,
            [.. ring.Nodes.Select(NodeDocument.Of)],
            key,
            key is null ? null : HashRing.Create(ring.Version, up).MemberOf(key));
    }
}

/// <summary>A node of a ring.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Its address, without user and password.</param>
/// <param name="Weight">Its weight relative to the other nodes.</param>
/// <param name="IsUp">Whether it is on the ring.</param>
/// <param name="Share">The part of the keys that belongs to it, 0 to 1.</param>
/// <param name="State"><c>up</c>, <c>degraded</c> (on the ring, but a part of it is not used) or <c>down</c>.</param>
/// <param name="Reason">What is wrong with it.</param>
internal sealed record NodeDocument(
    string Name, string Address, int Weight, bool IsUp, double Share, string State, string? Reason)
{
    public static NodeDocument Of(RingNode node) =>
        new(node.Name, node.Address, node.Weight, node.IsUp, node.Share, node.State.ToString().ToLowerInvariant(), node.Reason);
}

/// <summary>A node that is added.</summary>
/// <param name="Name">Its name: lower case letters, digits and hyphens.</param>
/// <param name="Connection">A StackExchange.Redis connection string, or <c>memory:NAME</c>.</param>
/// <param name="Weight">Its weight, 1 to 1000.</param>
internal sealed record NewNodeDocument(string Name, string Connection, int Weight = HashRing.DefaultWeight);

/// <summary>The new weight of a node, 1 to 1000.</summary>
internal sealed record WeightDocument(int Weight);

/// <summary>The keys whose entries are dropped; all of the region when there are none.</summary>
internal sealed record PurgeRequestDocument(IReadOnlyList<string>? Keys = null);

/// <summary>What a purge has done.</summary>
internal sealed record PurgeDocument(
    string Region,
    IReadOnlyList<string> Silos,
    IReadOnlyList<string> SilentSilos,
    IReadOnlyList<string> Nodes,
    IReadOnlyList<string> SilentNodes,
    long? Entries,
    IReadOnlyList<string> Problems)
{
    public static PurgeDocument Of(RegionPurge purge) =>
        new(purge.Region, purge.Silos, purge.SilentSilos, purge.Nodes, purge.SilentNodes, purge.Entries, purge.Problems);
}

/// <summary>What every silo has counted since it started, and which regions did not say.</summary>
internal sealed record StatsDocument(IReadOnlyList<SiloStatistics> Silos, IReadOnlyList<UnreachableDocument> UnreachableRegions);

/// <summary>A region that did not answer.</summary>
internal sealed record UnreachableDocument(string Region, string Problem);

/// <summary>Where the copies of a book are.</summary>
/// <param name="Key">The key.</param>
/// <param name="Catalog">What the catalog holds.</param>
/// <param name="Regions">What the regions hold.</param>
internal sealed record CopiesDocument(string Key, CatalogCopyDocument Catalog, IReadOnlyList<RegionCopiesDocument> Regions);

/// <summary>What the catalog holds, as the owner of the key reads it.</summary>
/// <param name="Exists">Whether there is such a book.</param>
/// <param name="Version">The version of its last edit, be it a removal; 0 when there was none.</param>
/// <param name="Tag">The tag of that version.</param>
/// <param name="Problem">Why it could not be read.</param>
internal sealed record CatalogCopyDocument(bool Exists, long Version, Guid? Tag, string? Problem = null);

/// <summary>What a region holds.</summary>
internal sealed record RegionCopiesDocument(
    string Region, IReadOnlyList<SiloCopyDocument> Silos, NodeCopyDocument? Node, string? Problem = null)
{
    public static RegionCopiesDocument Of(RegionInspection region) => new(
        region.Region,
        [.. region.Silos.Select(SiloCopyDocument.Of)],
        region.Node is { } node ? NodeCopyDocument.Of(node) : null);
}

/// <summary>What a silo holds.</summary>
/// <param name="Silo">The silo's name.</param>
/// <param name="Held">Whether it holds an entry, be it that there is no such book.</param>
/// <param name="Exists">Whether the entry is a book.</param>
/// <param name="Version">The version of the entry.</param>
/// <param name="Tag">The tag of the entry.</param>
/// <param name="LeaseMs">The rest of its lease; 0 when it has ended.</param>
/// <param name="TimeToLiveMs">The rest of its time to live.</param>
/// <param name="Clients">How many clients hold a copy below it.</param>
/// <param name="Problem">Why it did not respond.</param>
internal sealed record SiloCopyDocument(
    string Silo, bool Held, bool Exists, long Version, Guid? Tag, double LeaseMs, double TimeToLiveMs, int Clients, string? Problem)
{
    public static SiloCopyDocument Of(SiloInspection silo) => new(
        silo.Silo,
        silo.Row is not null,
        silo.Row is { Exists: true },
        silo.Row?.Identity.Version ?? 0,
        silo.Row?.Identity.Tag,
        silo.Lease.TotalMilliseconds,
        silo.TimeToLive.TotalMilliseconds,
        silo.Clients,
        silo.Problem);
}

/// <summary>What a node holds; the names mean what they do in <see cref="SiloCopyDocument"/>.</summary>
internal sealed record NodeCopyDocument(
    string Node, bool Held, bool Exists, long Version, Guid? Tag, double TimeToLiveMs, string? Problem)
{
    public static NodeCopyDocument Of(NodeInspection node) => new(
        node.Node,
        node.Row is not null,
        node.Row is { Exists: true },
        node.Row?.Identity.Version ?? 0,
        node.Row?.Identity.Tag,
        node.TimeToLive.TotalMilliseconds,
        node.Problem);
}

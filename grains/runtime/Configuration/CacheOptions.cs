using OrleansCache.Catalogs;
using OrleansCache.Redis;

namespace OrleansCache.Configuration;

/// <summary>The settings of the cache in a silo: the section <c>OrleansCache</c> of its configuration.</summary>
public class CacheOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "OrleansCache";

    /// <summary>The regions of the cluster; the same on every silo.</summary>
    public IList<RegionOptions> Regions { get; set; } = [];

    /// <summary>The home region, where the catalog is; the same on every silo, as a starting silo checks.</summary>
    public string Home { get; set; } = "";

    /// <summary>How long an entry stays in Redis and in memory, less up to a tenth of it at random. Default: 10 minutes.</summary>
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long the absence of a key is cached. Default: 30 s.</summary>
    public TimeSpan AbsentTimeToLive { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The silo's memory budget for entries, absences and their bookkeeping in bytes. Default: 256 MiB.</summary>
    public long MemoryBudgetBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>How leases work.</summary>
    public LeaseOptions Leases { get; set; } = new();

    /// <summary>The number of slots. The same on every silo, as a starting silo checks. Default: 64.</summary>
    public int Slots { get; set; } = 64;

    /// <summary>How long a book grain waits for an owner before it reads the catalog itself. Default: 1 s.</summary>
    public TimeSpan OwnerBudget { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long an owner may be silent before it is probed, and how long it has to answer the probe. An owner that answers is waited for
    /// through <see cref="OwnerBudget"/>; one that does not is unreachable and not waited for. Default: 100 ms.
    /// </summary>
    public TimeSpan OwnerPatience { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often a silo asks its router grain for changes of the hash ring that it has missed. Default: 5 s.</summary>
    public TimeSpan RingRefresh { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a router grain probes the nodes that are down. Default: 1 s.</summary>
    public TimeSpan NodeTrial { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a silo waits at its start for servers that do not answer yet, such as the catalog's. Default: 2 minutes.</summary>
    public TimeSpan StartPatience { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Whether the context of traces is passed on with calls between clients and silos, and between silos. Each call costs a little more
    /// with it. Default: no; a silo that exports traces (<c>Http:OtlpEndpoint</c>) does so in any case.
    /// </summary>
    public bool PropagateTraces { get; set; }

    /// <summary>
    /// The secret that clients must show to change nodes or to purge, at least 16 characters. Default: none, every client may. Never
    /// logged.
    /// </summary>
    public string OperatorToken { get; set; } = "";

    /// <summary>How the silo treats its region's nodes.</summary>
    public NodeOptions Node { get; set; } = new();

    /// <summary>The catalog.</summary>
    public CatalogOptions Catalog { get; set; } = new();

    /// <summary>The regions and their order.</summary>
    /// <exception cref="InvalidTopologyException">The regions are invalid.</exception>
    public RegionMap MapRegions() => new(Regions.Select(region => new RegionDefinition(region.Name, [.. region.Fallback])), Home);
}

/// <summary>How leases work; the same on every silo.</summary>
public sealed class LeaseOptions
{
    /// <summary>
    /// The length of a lease: the age that an answer has at most, whatever fails, and the time that an edit may have to wait for a silo or
    /// client that cannot be reached. Shorter leases are renewed more often. The same on every silo, as a starting silo checks. Default:
    /// 10 s.
    /// </summary>
    public TimeSpan Length { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How far the clocks of two processes may drift apart during a lease, as a fraction of its length. Holders shorten each lease by it.
    /// Default: 0.005.
    /// </summary>
    public double Drift { get; set; } = 0.005;

    /// <summary>
    /// How long a lookup waits for an edit of its key, before it is answered with the old row under a lease, which the edit must then
    /// revoke. Longer than an edit usually takes. Default: 20 ms.
    /// </summary>
    public TimeSpan EditPatience { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>An entry gets a new time to live if it was used within this time; zero: never. Default: 5 minutes.</summary>
    public TimeSpan RenewWhileUsedWithin { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long after an edit of a key clients get no lease on it: the leases of a key that changes often would be revoked more often than
    /// they are used. Default: 1 minute.
    /// </summary>
    public TimeSpan NearCacheCooldownAfterWrite { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The most keys of which the owners of one silo know who has them, 200 bytes each; what was registered longest ago is recalled then.
    /// Default: 1,000,000.
    /// </summary>
    public int MaxLeasedBooks { get; set; } = 1_000_000;

    /// <summary>Who may have granted leases before this silo started.</summary>
    public Predecessors Predecessors { get; set; } = Predecessors.Unknown;
}

/// <summary>Who may have granted leases that are still valid when a silo starts.</summary>
public enum Predecessors
{
    /// <summary>Unknown: the first edits wait until all leases that may exist have ended.</summary>
    Unknown,

    /// <summary>The silos that the membership table shows as dead, in a cluster whose table outlives its silos.</summary>
    InTable,

    /// <summary>Nobody: the cluster consists of this process.</summary>
    None,
}

/// <summary>A region.</summary>
public sealed class RegionOptions
{
    /// <summary>The region's name: 1 to 32 lower case letters, digits and hyphens.</summary>
    public string Name { get; set; } = "";

    /// <summary>The regions that answer when this one cannot, in order.</summary>
    public IList<string> Fallback { get; set; } = [];

    /// <summary>The region's nodes, until an operator changes them at run time.</summary>
    public IList<RegionNodeOptions> Nodes { get; set; } = [];
}

/// <summary>A node of a region.</summary>
public sealed class RegionNodeOptions
{
    /// <summary>The node's name, unique in its region.</summary>
    public string Name { get; set; } = "";

    /// <summary>A StackExchange.Redis connection string, or <c>memory:NAME</c>.</summary>
    public string Connection { get; set; } = "";

    /// <summary>The node's share of the keys, relative to the other nodes' weights: 1 to 1000.</summary>
    public int Weight { get; set; } = HashRing.DefaultWeight;

    /// <summary>The node as the hash ring takes it.</summary>
    public NodeDefinition ToDefinition() => new(Name, Connection, Weight);
}

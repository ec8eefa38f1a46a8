using OrleansCache.Catalogs;
using OrleansCache.Redis;

namespace OrleansCache.Configuration;

/// <summary>The section <c>OrleansCache</c> of a silo's configuration.</summary>
public class CacheSettings
{
    /// <summary>The section's name.</summary>
    public const string Section = "OrleansCache";

    /// <summary>The regions of the cluster; the same on every silo.</summary>
    public IList<RegionSettings> Regions { get; set; } = [];

    /// <summary>The region that the catalog is in.</summary>
    public string Home { get; set; } = "";

    /// <summary>How long a copy stays in Redis and in memory, less up to a tenth of it at random.</summary>
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long it is remembered that a book does not exist.</summary>
    public TimeSpan AbsentTimeToLive { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The bytes that copies, absences and their bookkeeping may take in a silo.</summary>
    public long MemoryBudgetBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>How leases work.</summary>
    public LeaseSettings Leases { get; set; } = new();

    /// <summary>The slices of the key space that have an owner each; never change it while any silo of the cluster lives.</summary>
    public int Slots { get; set; } = 64;

    /// <summary>How long a book grain waits for an owner before it reads the catalog itself.</summary>
    public TimeSpan OwnerBudget { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long an owner may be silent before it is asked whether it is there, and how long it has to say so. One that does not
    /// cannot be reached, and is not waited for; one that does is waited for through <see cref="OwnerBudget"/>.
    /// </summary>
    public TimeSpan OwnerPatience { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often a silo asks its router whether it missed a change of the ring.</summary>
    public TimeSpan RingRefresh { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a router tries the nodes that are down.</summary>
    public TimeSpan NodeTrial { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a silo waits at its start for what it needs and cannot be reached yet, such as the catalog's server.</summary>
    public TimeSpan StartPatience { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Budgets of calls to nodes, and when to stop trying one.</summary>
    public NodeSettings Node { get; set; } = new();

    /// <summary>The database of books.</summary>
    public CatalogSettings Catalog { get; set; } = new();

    /// <summary>The regions and their order.</summary>
    /// <exception cref="InvalidTopologyException">The regions cannot be used as they are.</exception>
    public RegionMap MapRegions() =>
        new(Regions.Select(region => new RegionDefinition(region.Name, [.. region.Fallback])), Home);
}

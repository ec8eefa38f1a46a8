namespace OrleansCache.Client;

/// <summary>The settings of the client library: section <c>OrleansCache</c> of an application's configuration.</summary>
public sealed class CacheClientOptions
{
    /// <summary>The regions, in the order in which they are asked when nothing else is said. At least one.</summary>
    public IList<RegionOptions> Regions { get; } = [];

    /// <summary>The region that the catalog is in; one of <see cref="Regions"/>.</summary>
    public string Home { get; set; } = "";

    /// <summary>Where regions that name no gateways find theirs.</summary>
    public ClusteringOptions Clustering { get; } = new();

    /// <summary>Encryption of what is between this process and the silos; off unless a certificate is set.</summary>
    public TlsSettings Tls { get; } = new();

    /// <summary>How long an attempt may be silent before the next silo or region is asked beside it. 300 ms unless set.</summary>
    public TimeSpan AttemptBudget { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How long a lookup may take with all its attempts, the wait for its turn included. 2 s unless set; not shorter than <see cref="AttemptBudget"/>.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How many lookups of this client may be on their way at a time; further ones wait for their turn. 256 unless set; fewer while most of them are slow, down to 8.</summary>
    public int MaxLookupsInFlight { get; set; } = 256;

    /// <summary>How many lookups may wait for their turn; further ones are refused at once. 10,000 unless set.</summary>
    public int MaxLookupsWaiting { get; set; } = 10_000;

    /// <summary>How long one call of <see cref="ICacheOperations"/>, or one attempt of an edit, may take. 15 s unless set.</summary>
    public TimeSpan OperationTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long an edit may take with all its attempts. 30 s unless set. Longer than the silos' lease: an edit waits for its end when a silo or
    /// client that holds the book cannot be reached.
    /// </summary>
    public TimeSpan EditDeadline { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The bytes that the books kept in this process may take. 64 MiB unless set; 0 keeps none.</summary>
    public long NearCacheBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>The slots of the cluster, fixed for its life: 64 unless set; the silos' setting must be the same.</summary>
    public int Slots { get; set; } = 64;

    /// <summary>The cluster's id, as its silos have it.</summary>
    public string ClusterId { get; set; } = "orleanscache";

    /// <summary>The service's id, as its silos have it.</summary>
    public string ServiceId { get; set; } = "orleanscache";

    /// <summary>What a test adds to each region's cluster client, such as call filters. Called once per connection.</summary>
    internal Action<IClientBuilder>? ConfigureClient { get; set; }

    internal RegionMap ToRegionMap() =>
        new(Regions.Select(region => new RegionDefinition(region.Name, [.. region.Fallback])), Home);
}

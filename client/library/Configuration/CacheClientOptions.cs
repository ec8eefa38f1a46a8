using System.Collections.Immutable;

namespace OrleansCache.Client;

/// <summary>The options of the client library: section <c>OrleansCache</c> of an application's configuration.</summary>
public sealed class CacheClientOptions
{
    /// <summary>The regions, in the order in which they are asked by default. At least one.</summary>
    public IList<ClientRegionOptions> Regions { get; } = [];

    /// <summary>The region of the catalog; one of <see cref="Regions"/>.</summary>
    public string Home { get; set; } = "";

    /// <summary>The clustering Redis, which lists the gateways of regions without named ones.</summary>
    public ClientClusteringOptions Clustering { get; } = new();

    /// <summary>Encryption of the connections to the silos. Off unless a certificate is set.</summary>
    public TlsCertificateOptions Tls { get; } = new();

    /// <summary>
    /// The slack of an attempt: how much longer an answer may take than the measured round trips to the region and from there to the
    /// owners, before the next silo or region is asked in parallel. It is for work and queues, not for distance. Default: 300 ms.
    /// </summary>
    public TimeSpan AttemptBudget { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// The hard timeout of a lookup with all its attempts, the wait for a permit included; it counts from when a first gateway of any
    /// region has answered this client. Not shorter than <see cref="AttemptBudget"/>. Default: 2 s.
    /// </summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long lookups, edits and operations wait for a first gateway of any region, counted from when this client began to connect.
    /// Default: 15 s.
    /// </summary>
    public TimeSpan ConnectDeadline { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The most lookups of this client in flight, however far the regions are; further ones wait for a permit. The limit begins at a
    /// quarter, is halved when silos shed load, down to 8, and is never below what the measured distance alone keeps in flight. Default:
    /// 1,024, which is 1,000 lookups per second over 320 ms, three times.
    /// </summary>
    public int MaxLookupsInFlight { get; set; } = 1_024;

    /// <summary>
    /// The most lookups that wait for a permit; further ones are refused at once, and after five seconds also those that would wait for
    /// longer than an eighth of <see cref="Deadline"/> behind a queue that has lasted for a second. Default: 10,000.
    /// </summary>
    public int MaxLookupsWaiting { get; set; } = 10_000;

    /// <summary>
    /// Whether the application's host connects when it starts, and waits for it; otherwise the first use does. Default: yes.
    /// </summary>
    public bool ConnectAtStart { get; set; } = true;

    /// <summary>
    /// Whether traces go on in the silos, as parts of the application's own: each call then carries their context. Silos export them where
    /// <c>Http:OtlpEndpoint</c> is set there. Default: no.
    /// </summary>
    public bool PropagateTraces { get; set; }

    /// <summary>
    /// The secret that this client shows when it changes nodes or purges, where the silos ask for one. Default: none. Never logged.
    /// </summary>
    public string OperatorToken { get; set; } = "";

    /// <summary>The timeout of a call of <see cref="ICacheOperations"/>, and of one attempt of an edit. Default: 15 s.</summary>
    public TimeSpan OperationTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The timeout of an edit with all its attempts. Longer than the silos' lease: an edit waits for its end when a silo or client that
    /// holds the entry cannot be reached. Default: 30 s.
    /// </summary>
    public TimeSpan EditDeadline { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The most bytes of the near cache. 0 for no near cache. Default: 64 MiB.</summary>
    public long NearCacheBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>The number of slots of the cluster, fixed for its life and the same as the silos'. Default: 64.</summary>
    public int Slots { get; set; } = 64;

    /// <summary>The cluster's id, the same as the silos'.</summary>
    public string ClusterId { get; set; } = "orleanscache";

    /// <summary>The service's id, the same as the silos'.</summary>
    public string ServiceId { get; set; } = "orleanscache";

    /// <summary>What a test adds to each region's cluster client, such as call filters. Called once per connection attempt.</summary>
    internal Action<IClientBuilder>? ConfigureClient { get; set; }

    internal RegionMap ToRegionMap() =>
        new(Regions.Select(region => new RegionDefinition(region.Name, Fallback(region))), Home);

    // After the configured regions comes home: its silos are the nearest to the owners and the catalog.
    private ImmutableArray<string> Fallback(ClientRegionOptions region) =>
        region.Name == Home || region.Fallback.Contains(Home) || Regions.All(other => other.Name != Home)
            ? [.. region.Fallback]
            : [.. region.Fallback, Home];
}

/// <summary>A region as a client knows it.</summary>
public sealed class ClientRegionOptions
{
    /// <summary>Its name: lower case letters, digits and hyphens; 1 to 32 characters.</summary>
    public string Name { get; set; } = "";

    /// <summary>
    /// The regions to ask when this one does not answer, in order; the home region follows, and the others in the configured order.
    /// </summary>
    public IList<string> Fallback { get; } = [];

    /// <summary>
    /// The gateways of its silos as <c>host:port</c>; lookups for this region enter the cluster only there. Host names are resolved again
    /// every second. Empty: those that <see cref="ClientClusteringOptions.Redis"/> has for the region.
    /// </summary>
    public IList<string> Gateways { get; } = [];
}

/// <summary>Where silos and clients of a cluster find each other.</summary>
public sealed class ClientClusteringOptions
{
    /// <summary>
    /// The clustering Redis as a StackExchange.Redis connection string. Regions without <see cref="ClientRegionOptions.Gateways"/> find
    /// theirs there. Empty: every region names its gateways.
    /// </summary>
    public string Redis { get; set; } = "";
}

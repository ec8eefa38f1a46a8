namespace OrleansCache.Client;

/// <summary>A region as a client knows it.</summary>
public sealed class RegionOptions
{
    /// <summary>Its name: lower case letters, digits and hyphens; 1 to 32 characters.</summary>
    public string Name { get; set; } = "";

    /// <summary>The regions to ask when this one does not answer, in order; those not named follow in the configured order.</summary>
    public IList<string> Fallback { get; } = [];

    /// <summary>
    /// Its silos' gateways as <c>host:port</c>; lookups for this region enter the cluster through these alone. Names are looked up anew
    /// every second. Empty: those that <see cref="ClusteringOptions.Redis"/> knows of the region.
    /// </summary>
    public IList<string> Gateways { get; } = [];
}

namespace OrleansCache.Client;

/// <summary>Where silos and clients of a cluster find each other.</summary>
public sealed class ClusteringOptions
{
    /// <summary>
    /// The clustering Redis as a StackExchange.Redis connection string. Regions without <see cref="RegionOptions.Gateways"/> find
    /// theirs there. Empty: every region names its gateways.
    /// </summary>
    public string Redis { get; set; } = "";
}

namespace Orleans.Configuration;

/// <summary>Which cluster a host belongs to.</summary>
public class ClusterOptions
{
    /// <summary>The cluster when none is named.</summary>
    public const string DefaultClusterId = "default";

    /// <summary>The service when none is named.</summary>
    public const string DefaultServiceId = "default";

    /// <summary>The cluster. Hosts of different clusters do not talk to each other.</summary>
    public string ClusterId { get; set; } = DefaultClusterId;

    /// <summary>The service that the cluster serves; outlives any one cluster.</summary>
    public string ServiceId { get; set; } = DefaultServiceId;
}

using OrleansCache.Configuration;

namespace OrleansCache.Silo.Configuration;

/// <summary>What a silo process needs beside <see cref="CacheSettings"/>, in the same section of the configuration.</summary>
public sealed class HostSettings
{
    /// <summary>The cluster that the silo belongs to; the same on every silo and client of it.</summary>
    public string ClusterId { get; set; } = "orleanscache";

    /// <summary>The service that the cluster serves; the same on every silo and client of it.</summary>
    public string ServiceId { get; set; } = "orleanscache";

    /// <summary>How silos find each other, and how soon they notice that one is gone.</summary>
    public ClusteringSettings Clustering { get; set; } = new();

    /// <summary>How long the silo waits at its start for what it needs: the catalog, the clustering Redis, its region's ring.</summary>
    public TimeSpan StartPatience { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The silo itself.</summary>
    public SiloSettings Silo { get; set; } = new();
}

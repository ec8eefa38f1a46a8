using StackExchange.Redis;

namespace Orleans.Clustering.Redis;

/// <summary>Which Redis holds the cluster's membership table.</summary>
public class RedisClusteringOptions
{
    /// <summary>How to connect to it. Required.</summary>
    public ConfigurationOptions? ConfigurationOptions { get; set; }
}

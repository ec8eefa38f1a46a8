namespace OrleansCache.Redis;

/// <summary>A part of a node that can fail on its own: a primary of a Redis Cluster with its replicas, or the whole node.</summary>
/// <param name="Name">The primary's address; empty for the whole node.</param>
/// <param name="Share">The fraction of the keys that it holds, 0 to 1.</param>
internal record NodeShard(string Name, double Share)
{
    /// <summary>The shard of a node that has only one.</summary>
    public static NodeShard Whole { get; } = new("", 1);

    /// <summary>Whether there is a connection to its primary, so that a call is worth its budget.</summary>
    public virtual bool IsConnected => true;

    /// <summary>Whether there is a connection to a replica of it.</summary>
    public virtual bool HasReplica => false;
}

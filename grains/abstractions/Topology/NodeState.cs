namespace OrleansCache;

/// <summary>The state of a node.</summary>
public enum NodeState
{
    /// <summary>It serves reads and takes writes.</summary>
    Up,

    /// <summary>It is on the ring, but a part of it is not used: it refuses writes, or a shard of its Redis Cluster is lost.</summary>
    Degraded,

    /// <summary>It is off the ring until it serves reads again.</summary>
    Down,
}

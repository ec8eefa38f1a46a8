namespace OrleansCache.LocalClusters;

/// <summary>What stands for the regions' Redis in a local cluster.</summary>
public enum LocalNodes
{
    /// <summary>Redis when <c>redis-server</c> is on the PATH, else memory.</summary>
    Auto,

    /// <summary>Servers in this process's memory.</summary>
    Memory,

    /// <summary>A throw-away <c>redis-server</c> per region.</summary>
    Redis,
}

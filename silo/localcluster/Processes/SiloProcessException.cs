namespace OrleansCache.LocalClusters;

/// <summary>A process of a cluster did not become ready; the message says which and what it wrote.</summary>
public sealed class SiloProcessException(string message, Exception? cause = null) : Exception(message, cause);

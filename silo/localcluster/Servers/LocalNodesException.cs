namespace OrleansCache.LocalClusters;

/// <summary>The servers of a local cluster's nodes cannot be started; the message says what to do.</summary>
public sealed class LocalNodesException(string message, Exception? cause = null) : Exception(message, cause);

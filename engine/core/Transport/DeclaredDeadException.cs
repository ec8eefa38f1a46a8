using Orleans.Runtime.Messaging;

namespace OrleansCache.Engine.Transport;

/// <summary>The peer knows that the cluster has declared this silo dead.</summary>
internal sealed class DeclaredDeadException(string message) : ConnectionFailedException(message);

using OrleansCache.Engine.Messaging;

namespace OrleansCache.Engine.Transport;

/// <summary>What a host does with what its connections bring.</summary>
internal interface IConnectionOwner
{
    /// <summary>A request has come. Must not block.</summary>
    void OnRequest(Connection connection, long id, ReadOnlySpan<byte> request);

    /// <summary>Requests to the grain go to that silo better than to this connection's.</summary>
    void OnMoved(Connection connection, GrainId grain, SiloAddress silo);

    /// <summary>The peer takes no new requests.</summary>
    void OnDraining(Connection connection);

    /// <summary>The connection has ended and all its calls have failed.</summary>
    void OnClosed(Connection connection);
}

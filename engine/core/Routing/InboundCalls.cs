using OrleansCache.Engine.Messaging;
using OrleansCache.Engine.References;
using OrleansCache.Engine.Serialization;
using OrleansCache.Engine.Transport;

namespace OrleansCache.Engine.Routing;

/// <summary>Makes calls of the requests that connections bring.</summary>
internal sealed class InboundCalls(ShapeCatalog shapes, WireSerializer serializer, CallTimeouts timeouts)
{
    /// <summary>The call; null when it was refused.</summary>
    public RelayedCall? Receive(Connection connection, long id, ReadOnlySpan<byte> request)
    {
        var reader = new WireReader(request);
        var header = RequestHeader.Read(ref reader);
        var call = new RelayedCall(connection, id, header, shapes.Find(header.InterfaceId, header.MethodId), request[^reader.Remaining..], timeouts.DeadlineIn(header.Timeout), serializer, timeouts);
        if (connection.TryReceive(id, call))
        {
            timeouts.Add(call);
            return call;
        }

        call.Fail(new OrleansMessageRejectionException($"{connection.Peer} has too many requests under way. Send fewer at once."));
        return null;
    }
}

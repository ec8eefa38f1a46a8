using Orleans.Runtime;
using OrleansCache.Engine.Transport;

namespace OrleansCache.Engine.Internals.Tests.Messaging;

/// <summary>An owner of connections that does nothing with what they bring.</summary>
internal sealed class QuietOwner : IConnectionOwner
{
    public void OnRequest(Connection connection, long id, ReadOnlySpan<byte> request)
    {
    }

    public void OnMoved(Connection connection, GrainId grain, SiloAddress silo)
    {
    }

    public void OnDraining(Connection connection)
    {
    }

    public void OnClosed(Connection connection)
    {
    }
}

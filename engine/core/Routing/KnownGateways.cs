using System.Net;

namespace OrleansCache.Engine.Routing;

/// <summary>Gateways that need not be looked up.</summary>
internal sealed class KnownGateways(Func<IReadOnlyCollection<IPEndPoint>> gateways) : IGatewayList
{
    public ValueTask<IReadOnlyCollection<IPEndPoint>> GetAsync(bool isUrgent, CancellationToken token) => ValueTask.FromResult(gateways());
}

using System.Net;

namespace OrleansCache.Engine.Routing;

/// <summary>The gateways through which a client may enter its cluster.</summary>
internal interface IGatewayList
{
    /// <summary>The gateways as they are known now.</summary>
    /// <param name="isUrgent">None of those that were named before can be used.</param>
    /// <param name="token">Ends the waiting.</param>
    ValueTask<IReadOnlyCollection<IPEndPoint>> GetAsync(bool isUrgent, CancellationToken token);
}

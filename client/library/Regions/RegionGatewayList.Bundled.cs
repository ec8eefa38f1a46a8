using System.Net;
using OrleansCache.Engine.Membership;
using OrleansCache.Engine.Routing;

namespace OrleansCache.Client;

/// <summary>Tells the bundled engine the gateways of a region.</summary>
internal sealed class RegionGatewayList(RegionGateways gateways, MembershipGateways? members) : IGatewayList
{
    public async ValueTask<IReadOnlyCollection<IPEndPoint>> GetAsync(bool isUrgent, CancellationToken token) => members is null
        ? await gateways.ResolveAsync(token).ConfigureAwait(false)
        : gateways.Take(await members.GetAsync(isUrgent, token).ConfigureAwait(false));
}

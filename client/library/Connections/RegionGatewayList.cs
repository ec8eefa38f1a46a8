using System.Net;
using Microsoft.Extensions.Logging;
using Orleans.Messaging;

namespace OrleansCache.Client;

/// <summary>Gives Orleans the gateways of one region.</summary>
internal sealed partial class RegionGatewayList(RegionGateways gateways, IMembershipTable? members, ILogger<RegionGatewayList> logger)
    : IGatewayListProvider
{
    private bool _isLost;

    /// <summary>How long a gateway that could not be reached is not used while there are others.</summary>
    public TimeSpan MaxStaleness => 5 * ConnectionTimeouts.GatewayRefresh;

    [Obsolete("Orleans does not use it any more.")]
    public bool IsUpdatable => true;

    public Task InitializeGatewayListProvider() =>
        members?.InitializeMembershipTableAsync(false, CancellationToken.None) ?? Task.CompletedTask;

    public async Task<IList<Uri>> GetGateways()
    {
        IEnumerable<IPEndPoint> known = members is null
            ? await gateways.ResolveAsync(CancellationToken.None).ConfigureAwait(false)
            : await ReadAsync(members).ConfigureAwait(false);
        return [.. known.Select(endpoint => endpoint.ToGatewayUri())];
    }

    private async Task<IEnumerable<IPEndPoint>> ReadAsync(IMembershipTable table)
    {
        try
        {
            var read = await table.ReadAllAsync(CancellationToken.None).ConfigureAwait(false);
            _isLost = false;
            var known = gateways.Take(read.Members
                .Select(member => member.Item1)
                .Where(member => member.Status is SiloStatus.Active && member.ProxyPort > 0 && gateways.IsOf(member.SiloName))
                .Select(member => new IPEndPoint(member.SiloAddress.Endpoint.Address, member.ProxyPort)));
            return known.Length > 0
                ? known
                : throw new RegionUnavailableException("The clustering Redis has no active silo of the region in this cluster.");
        }
        catch (Exception error) when (gateways.Known.Length > 0)
        {
            // The silos that are known go on running without it.
            if (!_isLost)
                LogLost(error.Message);
            _isLost = true;
            return gateways.Known;
        }
    }

    [LoggerMessage(1001, LogLevel.Warning, "The clustering Redis cannot be read; the known gateways are still used: {Reason}")]
    private partial void LogLost(string reason);
}

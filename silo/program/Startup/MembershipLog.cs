using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrleansCache.Silo.Startup;

/// <summary>Logs when another silo joins, leaves or is declared dead.</summary>
internal sealed partial class MembershipLog(
    IClusterMembershipService membership, ILocalSiloDetails self, ILogger<MembershipLog> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var known = ImmutableDictionary<SiloAddress, ClusterMember>.Empty;
        try
        {
            await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(stoppingToken).ConfigureAwait(false))
            {
                foreach (var member in snapshot.Members.Values)
                    LogChange(member, known.GetValueOrDefault(member.SiloAddress)?.Status);
                known = snapshot.Members;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The silo stops.
        }
    }

    private void LogChange(ClusterMember member, SiloStatus? before)
    {
        // The table still has silos that were dead before this one started; they are not news.
        var isOld = before is null && member.Status is not SiloStatus.Active;
        if (member.Status == before || isOld || member.SiloAddress.Equals(self.SiloAddress))
            return;
        switch (member.Status)
        {
            case SiloStatus.Active when member.Name == self.Name:
                LogSameName(member.Name, member.SiloAddress.Endpoint, self.SiloAddress.Endpoint);
                break;
            case SiloStatus.Active:
                LogJoined(member.Name, member.SiloAddress.Endpoint);
                break;
            case SiloStatus.ShuttingDown:
                LogLeaving(member.Name, member.SiloAddress.Endpoint);
                break;
            case SiloStatus.Dead when before is SiloStatus.Active or SiloStatus.Joining:
                LogDead(member.Name, member.SiloAddress.Endpoint);
                break;
            case SiloStatus.Dead:
                LogLeft(member.Name, member.SiloAddress.Endpoint);
                break;
        }
    }

    [LoggerMessage(EventId = 1806, Level = LogLevel.Information, Message = "{Silo} ({Endpoint}) is in the cluster")]
    private partial void LogJoined(string silo, IPEndPoint endpoint);

    [LoggerMessage(EventId = 1811, Level = LogLevel.Warning,
        Message = "Two silos are named {Silo}, {Other} and this one ({Self}): only one of them gets books. Unless it is this silo's process of "
            + "before, which is soon declared dead, give each silo of a region a number of its own (--number)")]
    private partial void LogSameName(string silo, IPEndPoint other, IPEndPoint self);

    [LoggerMessage(EventId = 1807, Level = LogLevel.Information, Message = "{Silo} ({Endpoint}) is leaving")]
    private partial void LogLeaving(string silo, IPEndPoint endpoint);

    [LoggerMessage(EventId = 1808, Level = LogLevel.Information, Message = "{Silo} ({Endpoint}) has left")]
    private partial void LogLeft(string silo, IPEndPoint endpoint);

    [LoggerMessage(EventId = 1809, Level = LogLevel.Warning, Message = "{Silo} ({Endpoint}) is dead")]
    private partial void LogDead(string silo, IPEndPoint endpoint);
}

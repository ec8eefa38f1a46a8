using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrleansCache.Silo.Startup;

/// <summary>Says in the log when a silo joins, leaves or is declared dead.</summary>
internal sealed partial class MembershipLog(IClusterMembershipService membership, ILocalSiloDetails self, ILogger<MembershipLog> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var known = ImmutableDictionary<SiloAddress, ClusterMember>.Empty;
        try
        {
            await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(stoppingToken).ConfigureAwait(false))
            {
                foreach (var member in snapshot.Members.Values)
                    Tell(member, known.GetValueOrDefault(member.SiloAddress)?.Status);
                known = snapshot.Members;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The silo stops; what happens to the others no longer matters here.
        }
    }

    private void Tell(ClusterMember member, SiloStatus? before)
    {
        // Of a silo that was gone before this one came nobody needs to read.
        if (member.Status == before || (before is null && member.Status is not SiloStatus.Active) || member.SiloAddress.Equals(self.SiloAddress))
            return;
        switch (member.Status)
        {
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

    [LoggerMessage(Level = LogLevel.Information, Message = "{Silo} ({Endpoint}) is in the cluster")]
    private partial void LogJoined(string silo, System.Net.IPEndPoint endpoint);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Silo} ({Endpoint}) is leaving")]
    private partial void LogLeaving(string silo, System.Net.IPEndPoint endpoint);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Silo} ({Endpoint}) has left")]
    private partial void LogLeft(string silo, System.Net.IPEndPoint endpoint);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Silo} ({Endpoint}) is dead")]
    private partial void LogDead(string silo, System.Net.IPEndPoint endpoint);
}

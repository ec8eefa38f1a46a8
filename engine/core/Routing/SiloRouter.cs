using Microsoft.Extensions.Logging;
using OrleansCache.Engine.Activation;
using OrleansCache.Engine.Directory;
using OrleansCache.Engine.Hosting;
using OrleansCache.Engine.Membership;
using OrleansCache.Engine.Messaging;
using OrleansCache.Engine.Observers;
using OrleansCache.Engine.Placement;
using OrleansCache.Engine.Serialization;
using OrleansCache.Engine.Transport;

namespace OrleansCache.Engine.Routing;

/// <summary>Brings calls to the silo that has the grain, be it this one, and to the hosts of observers.</summary>
internal sealed partial class SiloRouter(
    SiloAddress self, ActivationCatalog catalog, GrainDirectory directory, AddressCache addresses, PlacementService placement, PeerLinks links, ClientLinks clients,
    SiloControl control, ObserverRegistry observers, ClusterMembership membership, InboundCalls inbound, OwnedTasks tasks, TimeProvider time, ILogger<SiloRouter> logger) : ICallRouter, IConnectionOwner
{
    private const int MostHops = 8;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(5);

    public void Route(Call call)
    {
        if (catalog.TryDeliver(call)) return;
        if (SiloControlIds.IsControl(call.Target)) RouteToControl(call);
        else if (ClientIds.IsClient(call.Target)) RouteToClient(call);
        else if (addresses.Get(call.Target) is { } silo && !silo.Equals(self)) SendOrResolve(silo, call);
        else tasks.Run(() => ResolveAsync(call));
    }

    public void OnRequest(Connection connection, long id, ReadOnlySpan<byte> request)
    {
        if (inbound.Receive(connection, id, request) is not { } call) return;
        try
        {
            if (call.IsPlaced && connection.Peer.Silo is not null && catalog.TryActivate(call)) return;
            call.IsPlaced = false;
            if (connection.Peer.Silo is null) Route(call);
            else if (!catalog.TryDeliver(call)) PassOn(call);
        }
        catch (Exception exception)
        {
            // It is this call's misfortune, not the connection's.
            call.Fail(exception);
        }
    }

    public void OnMoved(Connection connection, GrainId grain, SiloAddress silo) => addresses.Set(grain, silo);

    public void OnDraining(Connection connection)
    {
        // The membership says so too.
    }

    public void OnClosed(Connection connection) => clients.Remove(connection);

    /// <summary>Another silo took this one for the grain's. What this one has cached may rest on the same error, so the directory is asked.</summary>
    private void PassOn(Call call)
    {
        if (SiloControlIds.IsControl(call.Target) || ClientIds.IsClient(call.Target))
        {
            Route(call);
            return;
        }

        if (++call.Hops > MostHops) throw new OrleansMessageRejectionException($"{call} was passed on {MostHops} times without finding the grain.");
        tasks.Run(() => ResolveAsync(call));
    }

    private void RouteToControl(Call call)
    {
        var silo = SiloControlIds.SiloOf(call.Target);
        if (silo.Equals(self)) control.Run(call);
        else if (links.Get(silo) is { } connection) Send(connection, call, silo);
        else tasks.Run(() => SendAsync(silo, call));
    }

    private void RouteToClient(Call call)
    {
        var host = ClientIds.HostOf(call.Target);
        if (host == observers.HostId) observers.Deliver(call);
        else if (clients.Get(host) is { } connection) Send(connection, call, null);
        else tasks.Run(() => FindClientAsync(host, call));
    }

    private void SendOrResolve(SiloAddress silo, Call call)
    {
        // Whoever chose this silo for the grain did not choose that one: should the grain be gone there, it is placed anew.
        call.IsPlaced = false;
        if (links.Get(silo) is { } connection && membership.CurrentSnapshot.GetSiloStatus(silo) is SiloStatus.Active or SiloStatus.ShuttingDown) Send(connection, call, silo);
        else tasks.Run(() => ResolveAsync(call));
    }

    /// <summary>Sends at once where the connection has room; else, and when it is closed, somebody has to wait.</summary>
    private void Send(Connection connection, Call call, SiloAddress? silo)
    {
        var sending = connection.SendAsync(call);
        if (sending.IsCompletedSuccessfully && sending.Result)
        {
            TellOrigin(call, silo);
            return;
        }

        tasks.Run(async () =>
        {
            if (await sending) TellOrigin(call, silo);
            else await ResolveAsync(call);
        });
    }

    /// <summary>A silo that sent the call here had an old address.</summary>
    private static void TellOrigin(Call call, SiloAddress? silo)
    {
        if (silo is not null && call is RelayedCall { Origin.Peer.Silo: not null } relayed && !SiloControlIds.IsControl(call.Target)) relayed.Origin.SendMoved(call.Target, silo);
    }

    private async Task SendAsync(SiloAddress silo, Call call)
    {
        try
        {
            while (!await (await links.OpenAsync(silo)).SendAsync(call))
            {
            }
        }
        catch (OperationCanceledException)
        {
            call.Fail(new SiloUnavailableException($"The silo that was to deliver {call} has stopped."));
        }
        catch (Exception exception)
        {
            call.Fail(exception);
        }
    }

    private async Task ResolveAsync(Call call)
    {
        try
        {
            if (SiloControlIds.IsControl(call.Target))
            {
                await SendAsync(SiloControlIds.SiloOf(call.Target), call);
                return;
            }

            if (ClientIds.IsClient(call.Target))
            {
                await FindClientAsync(ClientIds.HostOf(call.Target), call);
                return;
            }

            if (catalog.IsStateless(call.Target))
            {
                if (!catalog.TryActivate(call)) throw new SiloUnavailableException($"The silo that was to run {call} is stopping.");
                return;
            }

            while (!call.IsDone && !await TryResolveAsync(call))
            {
            }
        }
        catch (OperationCanceledException)
        {
            call.Fail(new SiloUnavailableException($"The silo that was to deliver {call} has stopped."));
        }
        catch (Exception exception)
        {
            LogUnresolved(call.Name, call.Target, exception.Message);
            call.Fail(exception);
        }
    }

    /// <summary>Finds the grain's silo or has one chosen, and gives it the call; false when that was in vain and is to be tried again.</summary>
    private async Task<bool> TryResolveAsync(Call call)
    {
        addresses.Remove(call.Target);
        var found = await directory.FindAsync(call.Target);
        var silo = found?.Silo;
        if (self.Equals(silo))
        {
            if (catalog.TryDeliver(call)) return true;
            await directory.UnregisterAsync(call.Target, found!.Value.Activation);
            return false;
        }

        call.IsPlaced = silo is null;
        silo ??= await placement.ChooseAsync(call.Target, call.Interface);
        if (silo.Equals(self))
        {
            if (catalog.TryActivate(call)) return true;
            await membership.Refresh();
            return false;
        }

        try
        {
            var connection = await links.OpenAsync(silo);
            if (!await connection.SendAsync(call))
            {
                // The silo is leaving, and the directory is about to know.
                await Task.Delay(RetryDelay, time);
                return false;
            }
        }
        catch (SiloUnavailableException)
        {
            // Nothing was sent. The membership knows by now that the silo is gone, and the directory will have another answer; but not while its table cannot be written.
            if (membership.IsGone(silo) && !membership.IsTableReachable) throw;
            await membership.Refresh();
            await Task.Delay(RetryDelay, time);
            return false;
        }

        addresses.Set(call.Target, silo);
        TellOrigin(call, silo);
        return true;
    }

    private async Task FindClientAsync(string host, Call call)
    {
        try
        {
            if (clients.Get(host) is { } here && await here.SendAsync(call)) return;
            var silo = await clients.FindAsync(host);
            if (silo is null || ++call.Hops > 2) throw new ClientNotAvailableException($"The client {host}, which hosts {call.Target}, is not connected to the cluster.");
            await SendAsync(silo, call);
        }
        catch (Exception exception)
        {
            call.Fail(exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} of {Target} could not be delivered: {Reason}")]
    private partial void LogUnresolved(string method, GrainId target, string reason);
}

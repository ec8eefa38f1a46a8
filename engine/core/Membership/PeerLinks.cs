using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orleans.Runtime.Messaging;
using OrleansCache.Engine.Hosting;
using OrleansCache.Engine.Transport;

namespace OrleansCache.Engine.Membership;

/// <summary>
/// This silo's connections to the others: one to each active silo, opened as soon as it appears, so that its end is noticed.
/// A silo whose endpoint is nobody's any more is declared dead.
/// </summary>
internal sealed partial class PeerLinks(ClusterMembership membership, Func<SiloAddress, CancellationToken, Task<Connection>> open, OwnedTasks tasks, TimeProvider time, ILogger<PeerLinks> logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50);
    private const int Attempts = 3;
    private readonly ConcurrentDictionary<SiloAddress, PeerLink> _links = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>The open connection to a silo, or null when it has to be opened first.</summary>
    public Connection? Get(SiloAddress silo) => _links.TryGetValue(silo, out var link) ? link.Current : null;

    /// <summary>The connection to a silo, opened if need be.</summary>
    /// <exception cref="SiloUnavailableException">The silo is dead or cannot be reached.</exception>
    public async ValueTask<Connection> OpenAsync(SiloAddress silo)
    {
        while (true)
        {
            if (membership.CurrentSnapshot.GetSiloStatus(silo) is SiloStatus.Dead) throw new SiloUnavailableException($"{silo} is dead.");
            if (membership.IsGone(silo)) throw new SiloUnavailableException($"{silo} is gone; the cluster has yet to declare it dead.");
            if (_stopping.IsCancellationRequested) throw new SiloUnavailableException("This silo is stopping.");
            var link = _links.GetOrAdd(silo, key => new PeerLink(token => OpenAndWatchAsync(key, token)));
            try
            {
                var connection = await link.OpenAsync();
                if (!connection.IsClosed) return connection;
            }
            catch (Exception exception)
            {
                // A link that failed must not fail again for everybody who comes later.
                _links.TryRemove(KeyValuePair.Create(silo, link));
                if (exception is ConnectionFailedException or OperationCanceledException) throw new SiloUnavailableException($"{silo} cannot be reached: {exception.Message}", exception);
                throw;
            }

            _links.TryRemove(KeyValuePair.Create(silo, link));
        }
    }

    public void OnMembership(ClusterMembershipSnapshot snapshot, SiloAddress self)
    {
        foreach (var member in snapshot.Members.Values)
        {
            if (member.SiloAddress.Equals(self)) continue;
            if (member.Status is SiloStatus.Joining or SiloStatus.Active && !_links.ContainsKey(member.SiloAddress)) tasks.Run(() => TryOpenAsync(member.SiloAddress));
            else if (member.Status == SiloStatus.Dead && _links.TryRemove(member.SiloAddress, out var link)) tasks.Run(link.CloseAsync);
        }
    }

    /// <summary>Closes all connections.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        foreach (var link in _links.Values) await link.CloseAsync();
    }

    private async Task TryOpenAsync(SiloAddress silo)
    {
        try
        {
            await OpenAsync(silo);
        }
        catch (SiloUnavailableException exception)
        {
            if (!_stopping.IsCancellationRequested) LogUnreachable(silo, exception.Message);
        }
    }

    private async Task<Connection> OpenAndWatchAsync(SiloAddress silo, CancellationToken closing)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(closing, _stopping.Token);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var connection = await open(silo, either.Token);
                tasks.Run(() => WatchAsync(silo, connection));
                return connection;
            }
            catch (ConnectionFailedException exception) when (!either.IsCancellationRequested)
            {
                // Silence is for the probes to judge. A refusal proves that the silo has ended, once it is no accident of this moment.
                if (!SiloGoneException.IsProvenBy(exception)) throw;
                if (attempt == Attempts)
                {
                    await membership.SuspectAsync(silo, isGone: true);
                    throw;
                }
            }

            await Task.Delay(RetryDelay, time, either.Token);
        }
    }

    private async Task WatchAsync(SiloAddress silo, Connection connection)
    {
        await connection.Closed;
        if (_stopping.IsCancellationRequested || membership.CurrentSnapshot.GetSiloStatus(silo) == SiloStatus.Dead) return;
        LogLost(silo);
        await TryOpenAsync(silo);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection to silo {Silo} was lost")]
    private partial void LogLost(SiloAddress silo);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Silo {Silo} is unavailable: {Reason}")]
    private partial void LogUnreachable(SiloAddress silo, string reason);
}

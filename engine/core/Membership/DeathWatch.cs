using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace OrleansCache.Engine.Membership;

/// <summary>
/// Probes the silos that follow this one in the order of addresses. One that misses too many probes in a row is suspected, whether its connections
/// are open or not. Rounds in which this silo itself was not running tell nothing about the others and do not count.
/// </summary>
internal sealed partial class DeathWatch(
    SiloAddress self, ClusterMembership membership, Func<SiloAddress, long, CancellationToken, Task<long>> probe, ClusterMembershipOptions options, TimeProvider time, ILogger<DeathWatch> logger)
{
    private readonly Dictionary<SiloAddress, int> _missed = [];

    public async Task RunAsync(CancellationToken token)
    {
        using var timer = new PeriodicTimer(options.ProbeTimeout, time);
        var last = time.GetTimestamp();
        while (await timer.WaitForNextTickAsync(token))
        {
            try
            {
                await ProbeAsync(last, token);
            }
            catch (Exception exception) when (!token.IsCancellationRequested)
            {
                LogFailed(exception);
            }

            last = time.GetTimestamp();
        }
    }

    /// <summary>One round: probes all that are watched, and judges those that did not answer.</summary>
    /// <param name="last">When the round before ended.</param>
    /// <param name="token">Ends the watch.</param>
    public async Task ProbeAsync(long last, CancellationToken token)
    {
        var watched = Watched();
        foreach (var gone in _missed.Keys.Except(watched).ToList()) _missed.Remove(gone);
        var answers = await Task.WhenAll(watched.Select(silo => AnswersAsync(silo, token)));
        var wasRunning = time.GetElapsedTime(last) < 3 * options.ProbeTimeout;
        if (!wasRunning) _missed.Clear();
        await Task.WhenAll(watched.Select((silo, i) => JudgeAsync(silo, answers[i], wasRunning)));
    }

    private List<SiloAddress> Watched()
    {
        List<SiloAddress> others = [.. membership.State.Rows.Values.Where(row => row.IsAlive && !row.Silo.Equals(self)).Select(row => row.Silo).Order()];
        var next = others.FindIndex(silo => silo.CompareTo(self) > 0);
        if (next > 0) others = [.. others[next..], .. others[..next]];
        return [.. others.Take(options.NumProbedSilos)];
    }

    private async Task<bool> AnswersAsync(SiloAddress silo, CancellationToken token)
    {
        if (membership.IsGone(silo)) return false;
        using var limit = new CancellationTokenSource(options.ProbeTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, token);
        try
        {
            var known = await probe(silo, membership.State.Version, either.Token).WaitAsync(either.Token);
            if (known > membership.State.Version) await membership.Refresh(new MembershipVersion(known), token);
            return true;
        }
        catch (Exception exception) when (!token.IsCancellationRequested)
        {
            LogMissed(silo, exception.Message);
            return false;
        }
    }

    private async Task JudgeAsync(SiloAddress silo, bool hasAnswered, bool wasRunning)
    {
        if (membership.IsGone(silo))
        {
            await membership.SuspectAsync(silo, isGone: true);
        }
        else if (hasAnswered)
        {
            lock (_missed) _missed.Remove(silo);
            membership.Trust(silo);
        }
        else if (wasRunning)
        {
            int missed;
            lock (_missed) missed = _missed[silo] = _missed.GetValueOrDefault(silo) + 1;
            if (missed == options.NumMissedProbesLimit) LogSuspected(silo, missed);
            if (missed >= options.NumMissedProbesLimit) await membership.SuspectAsync(silo, isGone: false, isPatient: missed >= 2 * options.NumMissedProbesLimit);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Silo {Silo} did not answer a probe: {Reason}")]
    private partial void LogMissed(SiloAddress silo, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Silo {Silo} has not answered {Missed} probes in a row")]
    private partial void LogSuspected(SiloAddress silo, int missed);

    [LoggerMessage(Level = LogLevel.Error, Message = "A round of probes failed")]
    private partial void LogFailed(Exception exception);
}

using Microsoft.Extensions.Logging;
using OrleansCache.Entries;
using OrleansCache.Timing;

namespace OrleansCache.Client;

/// <summary>
/// The periodic work of a near cache: renews the volume leases with one message to each silo, which also tells the silo what the client has
/// not any more; has suspended entries confirmed; and drops all entries after the machine was suspended, as the monotonic clock stood still
/// in the meantime and leases appear longer than they are.
/// </summary>
internal sealed partial class NearLeaseRenewer : IAsyncDisposable
{
    private readonly LeasedEntryTable _table;
    private readonly NearSilos _silos;
    private readonly NearCache _near;
    private readonly INearSources _sources;
    private readonly Func<string, TimeSpan> _roundTripTo;
    private readonly Clock _clock;
    private readonly ILogger _logger;
    private readonly HashSet<Task> _renewing = [];
    private readonly NearConfirmations _confirmations;
    private readonly CancellationTokenSource _stopping = new();
    private readonly PeriodicTimer _timer;
    private readonly Task _running;
    private Task _confirming = Task.CompletedTask;
    private long _rounds;

    public NearLeaseRenewer(
        NearCache near,
        LeasedEntryTable table,
        NearSilos silos,
        INearSources sources,
        Func<string, TimeSpan> roundTripTo,
        Clock clock,
        ILogger logger)
    {
        (_near, _table, _silos, _sources, _clock, _logger) = (near, table, silos, sources, clock, logger);
        _roundTripTo = roundTripTo;
        _confirmations = new(near, table, silos, sources, roundTripTo, clock, logger);
        _timer = new(NearTimeouts.RenewalPeriod, clock.TimeProvider);
        _running = RunAsync(ClockOffset());
    }

    /// <summary>The number of completed rounds.</summary>
    public long Rounds => Volatile.Read(ref _rounds);

    public async ValueTask DisposeAsync()
    {
        // The loop ends with its timer; a renewal in flight is cancelled.
        _timer.Dispose();
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task RunAsync(TimeSpan offset)
    {
        while (await _timer.WaitForNextTickAsync(CancellationToken.None).ConfigureAwait(false))
        {
            try
            {
                var now = ClockOffset();
                if (now - offset > NearTimeouts.MaxClockJump)
                {
                    LogSuspended(_table.Statistics().Copies);
                    _table.DropAll();
                    _silos.ForgetLeases();
                }

                offset = now;
                // Not waited for: a silo that is far away, or silent, holds up neither the others nor the next round. Each renewal ends by
                // its timeout, so that at most a few of each silo are in flight.
                _renewing.RemoveWhere(static round => round.IsCompleted);
                _renewing.Add(RenewAsync());
                if (_confirming.IsCompleted)
                {
                    var last = _confirming;
                    _confirming = _confirmations.RunAsync(_stopping.Token);
                    await last.ConfigureAwait(false);
                }
            }
            catch (Exception error)
            {
                LogRoundFailed(error);
            }
        }

        await Task.WhenAll([.. _renewing, _confirming]).ConfigureAwait(false);
    }

    private async Task RenewAsync()
    {
        await Task.WhenAll(_silos.Joined().Select(RenewAsync)).ConfigureAwait(false);
        Interlocked.Increment(ref _rounds);
    }

    /// <summary>By how much the wall clock is ahead of the monotonic one.</summary>
    private TimeSpan ClockOffset() =>
        _clock.TimeProvider.GetUtcNow() - DateTimeOffset.UnixEpoch - TimeSpan.FromMilliseconds(_clock.Now);

    private async Task RenewAsync(NearSilo silo)
    {
        var leases = silo.Leases;
        var releases = _table.TakeReleases(leases.Releases, NearTimeouts.MaxReleases);
        var asked = _clock.Now;
        try
        {
            var call = _sources.RenewAsync(silo.Region, silo.Address, _near.Client, releases, leases.WorkedOff, _stopping.Token);
            call.ObserveError();
            var renewal = await call
                .WaitAsync(NearTimeouts.Renewing + _roundTripTo(silo.Region), _clock.TimeProvider, _stopping.Token).ConfigureAwait(false);
            _silos.NoteRenewed(silo, isKnown: renewal is not null);
            if (renewal is null)
                return;
            if (renewal.Drops.Length > 0)
                _near.Revoke(renewal.Drops);
            leases.Take(renewal, lease => NearCache.HeldUntil(asked, lease));
        }
        catch (Exception error) when (!_stopping.IsCancellationRequested)
        {
            _silos.NoteSilence(silo, error);
            _table.ReturnReleases(leases.Releases, releases);
        }
        catch (Exception)
        {
            // Cancelled by DisposeAsync, which drops all entries next.
        }
    }

    [LoggerMessage(
        1010,
        LogLevel.Warning,
        "The wall clock advanced faster than the monotonic clock, as after a suspension of the machine; all {Count} entries were dropped")]
    private partial void LogSuspended(long count);

    [LoggerMessage(1014, LogLevel.Error, "The near cache's leases could not be renewed; they are again in a second")]
    private partial void LogRoundFailed(Exception error);
}

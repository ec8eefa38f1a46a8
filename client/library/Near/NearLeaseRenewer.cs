using Microsoft.Extensions.Logging;
using OrleansCache.Entries;
using OrleansCache.Timing;

namespace OrleansCache.Client;

/// <summary>
/// The periodic work of a near cache: renews the leases of entries in use before they end, in one message per silo; and drops all entries
/// after the machine was suspended, as the monotonic clock stood still in the meantime and leases appear longer than they are.
/// </summary>
internal sealed partial class NearLeaseRenewer : IAsyncDisposable
{
    private readonly Guid _client;
    private readonly LeasedEntryTable _table;
    private readonly NearSilos _silos;
    private readonly INearSources _sources;
    private readonly Func<string, TimeSpan> _roundTripTo;
    private readonly Clock _clock;
    private readonly ILogger _logger;
    private readonly HashSet<Task> _renewing = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly PeriodicTimer _timer;
    private readonly Task _running;
    private long _rounds;

    public NearLeaseRenewer(
        Guid client,
        LeasedEntryTable table,
        NearSilos silos,
        INearSources sources,
        Func<string, TimeSpan> roundTripTo,
        Clock clock,
        ILogger logger)
    {
        (_client, _table, _silos, _sources, _clock, _logger) = (client, table, silos, sources, clock, logger);
        _roundTripTo = roundTripTo;
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
            var now = ClockOffset();
            if (now - offset > NearTimeouts.MaxClockJump)
            {
                LogSuspended(_table.Statistics().Copies);
                _table.DropAll();
            }

            offset = now;
            // Not waited for: a silo that is far away, or silent, holds up neither the others nor the next round. Each renewal ends by its
            // timeout, so that at most a few of each silo are in flight.
            _renewing.RemoveWhere(static round => round.IsCompleted);
            _renewing.Add(RenewAsync());
        }

        await Task.WhenAll(_renewing).ConfigureAwait(false);
    }

    private async Task RenewAsync()
    {
        var silos = _table.TakeRenewable().Cast<NearEntry>().GroupBy(entry => entry.Origin.Silo);
        await Task.WhenAll(silos.Select(silo => RenewAsync(silo.Key, [.. silo]))).ConfigureAwait(false);
        Interlocked.Increment(ref _rounds);
    }

    /// <summary>By how much the wall clock is ahead of the monotonic one.</summary>
    private TimeSpan ClockOffset() =>
        _clock.TimeProvider.GetUtcNow() - DateTimeOffset.UnixEpoch - TimeSpan.FromMilliseconds(_clock.Now);

    private async Task RenewAsync(NearSilo silo, NearEntry[] due)
    {
        var held = Array.ConvertAll(due, entry => new HeldEntry(entry.Row.Key, entry.Row.Identity));
        var observedEpochs = Array.ConvertAll(due, _table.Epochs.Current);
        var asked = _clock.Now;
        try
        {
            var renewal = _sources.RenewAsync(silo.Region, silo.Address, _client, held, _stopping.Token);
            renewal.ObserveError();
            var leases = await renewal
                .WaitAsync(NearTimeouts.Renewing + _roundTripTo(silo.Region), _clock.TimeProvider, _stopping.Token).ConfigureAwait(false);
            _silos.NoteRenewed(silo, isKnown: leases.Any(lease => lease > TimeSpan.Zero));
            for (var i = 0; i < due.Length; i++)
            {
                if (leases[i] > TimeSpan.Zero
                    && _table.TryExtend(due[i], held[i].Identity, NearCache.HeldUntil(asked, leases[i]), observedEpochs[i]))
                    RenewAgain(due[i]);
            }
        }
        catch (Exception error) when (!_stopping.IsCancellationRequested)
        {
            _silos.NoteSilence(silo, error);
            foreach (var entry in due)
                RenewAgain(entry);
        }
        catch (Exception)
        {
            // Cancelled by DisposeAsync, which drops all entries next.
        }
    }

    /// <summary>
    /// Has a lease that still ends soon renewed again: the silo's own lease had not been renewed yet, or the silo did not answer.
    /// </summary>
    private void RenewAgain(NearEntry entry)
    {
        var now = _clock.Now;
        if (entry.UsableUntil - now <= NearTimeouts.Renewal.Before)
            _table.RenewLater(entry, now + (long)NearTimeouts.RenewalPeriod.TotalMilliseconds);
    }

    [LoggerMessage(
        1010,
        LogLevel.Warning,
        "The wall clock advanced faster than the monotonic clock, as after a suspension of the machine; all {Count} entries were dropped")]
    private partial void LogSuspended(long count);
}

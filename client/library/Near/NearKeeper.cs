using Microsoft.Extensions.Logging;
using OrleansCache.Entries;

namespace OrleansCache.Client;

/// <summary>
/// What has to be done for a near cache every second: the leases of entries in use are renewed before they end, in one message to each silo; and
/// a machine that was suspended, whose monotonic clock stood still meanwhile, gives all entries up.
/// </summary>
internal sealed partial class NearKeeper : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    // Clocks are set by hand and by the network, mostly by less than this.
    private static readonly TimeSpan LongestJump = TimeSpan.FromSeconds(1);

    private readonly Guid _client;
    private readonly LeasedEntryTable _table;
    private readonly NearSilos _silos;
    private readonly INearSources _sources;
    private readonly Clock _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly PeriodicTimer _timer;
    private readonly Task _running;
    private long _rounds;

    public NearKeeper(Guid client, LeasedEntryTable table, NearSilos silos, INearSources sources, Clock clock, ILogger logger)
    {
        (_client, _table, _silos, _sources, _clock, _logger) = (client, table, silos, sources, clock, logger);
        _timer = new(Period, clock.TimeProvider);
        _running = RunAsync(Offset());
    }

    /// <summary>How often it has done all that.</summary>
    public long Rounds => Volatile.Read(ref _rounds);

    public async ValueTask DisposeAsync()
    {
        // The timer's end is the loop's; a renewal that is under way is not waited for.
        _timer.Dispose();
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task RunAsync(TimeSpan offset)
    {
        while (await _timer.WaitForNextTickAsync(CancellationToken.None).ConfigureAwait(false))
        {
            var now = Offset();
            if (now - offset > LongestJump)
            {
                LogSuspended(_table.Statistics().Copies);
                _table.DropAll();
            }

            offset = now;
            var due = _table.TakeRenewable();
            await Task.WhenAll(due.Cast<NearEntry>().GroupBy(entry => entry.Origin.Silo).Select(silo => RenewAsync(silo.Key, [.. silo]))).ConfigureAwait(false);
            Interlocked.Increment(ref _rounds);
        }
    }

    private TimeSpan Offset() => _clock.TimeProvider.GetUtcNow() - DateTimeOffset.UnixEpoch - TimeSpan.FromMilliseconds(_clock.Now);

    private async Task RenewAsync(NearSilo silo, NearEntry[] due)
    {
        var held = Array.ConvertAll(due, entry => new HeldEntry(entry.Row.Key, entry.Row.Identity));
        var observedEpochs = Array.ConvertAll(held, entry => _table.Epochs.Current(entry.Book));
        var asked = _clock.Now;
        try
        {
            var leases = await _sources.RenewAsync(silo.Region, silo.Address, _client, held, _stopping.Token)
                .WaitAsync(Period, _clock.TimeProvider, _stopping.Token).ConfigureAwait(false);
            _silos.NoteRenewed(silo, isKnown: leases.Any(lease => lease > TimeSpan.Zero));
            for (var i = 0; i < due.Length; i++)
            {
                if (leases[i] > TimeSpan.Zero && _table.TryExtend(due[i], held[i].Identity, NearCache.HeldUntil(asked, leases[i]), observedEpochs[i]))
                    LookAgain(due[i]);
            }
        }
        catch (Exception error) when (!_stopping.IsCancellationRequested)
        {
            _silos.NoteSilence(silo, error);
            foreach (var entry in due)
                LookAgain(entry);
        }
        catch (Exception)
        {
            // It is being stopped.
        }
    }

    /// <summary>Has a lease that will end soon all the same looked at again: the silo's own had not been renewed yet, or it did not answer.</summary>
    private void LookAgain(NearEntry entry)
    {
        var now = _clock.Now;
        if (entry.UsableUntil - now <= NearCache.Rules.Before)
            _table.RenewLater(entry, now + (long)Period.TotalMilliseconds);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The wall clock is far ahead of the monotonic one, as after a machine was suspended; the {Count} books that are kept here are given up")]
    private partial void LogSuspended(long count);
}

using Microsoft.Extensions.Logging;
using OrleansCache.Entries;

namespace OrleansCache.Client;

/// <summary>
/// Has silos confirm the suspended entries of a near cache, many with one message and without their payloads, before they are used again.
/// </summary>
internal sealed partial class NearConfirmations
{
    private readonly NearCache _near;
    private readonly LeasedEntryTable _table;
    private readonly NearSilos _silos;
    private readonly INearSources _sources;
    private readonly Func<string, TimeSpan> _roundTripTo;
    private readonly Clock _clock;
    private readonly ILogger _logger;
    private readonly SuspendedEntries _suspended;

    public NearConfirmations(
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
        _suspended = new(table, () => silos.Endings, (long)NearTimeouts.ConfirmedIfUsedWithin.TotalMilliseconds);
    }

    /// <summary>Has some suspended entries confirmed. To be called again, when this has completed, as long as the client runs.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        // An entry of a silo that does not know this client waits for its next use.
        var bySilo = _suspended.Next(MessageLimits.Keys).OfType<NearEntry>().GroupBy(entry => entry.Origin.Silo)
            .Where(entries => entries.Key.IsJoined);
        await Task.WhenAll(bySilo.SelectMany(entries =>
            entries.Chunk(MessageLimits.Keys).Select(some => ConfirmAsync(entries.Key, some, stopping)))).ConfigureAwait(false);
    }

    private async Task ConfirmAsync(NearSilo silo, NearEntry[] suspended, CancellationToken stopping)
    {
        // Taken before the request is sent: a revocation from here on makes the answer late, and the leases count from here.
        var epochs = Array.ConvertAll(suspended, _table.Epochs.Current);
        var asked = _clock.Now;
        var rows = Array.ConvertAll(suspended, entry => new HeldRow(entry.Book, entry.Row.Identity));
        NearConfirmation[]? answers;
        try
        {
            answers = await _sources.ConfirmAsync(silo.Region, silo.Address, _near.Client, rows, _near.Released, stopping)
                .WaitAsync(NearTimeouts.Confirming + _roundTripTo(silo.Region), _clock.TimeProvider, stopping).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // They stay suspended, and are asked for again.
            LogNotConfirmed(suspended.Length, silo.Address, error.Message);
            return;
        }

        // A silo that does not know this client says so to the renewal as well, and is joined again.
        for (var i = 0; i < (answers?.Length ?? 0); i++)
            _near.Confirm(suspended[i], answers![i], asked, epochs[i]);
    }

    [LoggerMessage(1015, LogLevel.Debug,
        "{Count} suspended entries were not confirmed by the silo {Silo}; they are asked for again: {Reason}")]
    private partial void LogNotConfirmed(int count, string silo, string reason);
}

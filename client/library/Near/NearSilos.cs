using Microsoft.Extensions.Logging;
using OrleansCache.Entries;

namespace OrleansCache.Client;

/// <summary>
/// The silos that this client has met. One that does not know it yet, or any more, is told of it in the background, and grants leases with
/// what it answers next.
/// </summary>
internal sealed partial class NearSilos(Guid client, INearSources sources, Action<string[]> revoke, Clock clock, ILogger logger) : IAsyncDisposable
{
    /// <summary>How many are remembered.</summary>
    public const int Most = 1_000;

    private const int MostSilences = 3;
    private const int LeavesAtATime = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, NearSilo> _met = [];
    private readonly CancellationTokenSource _stopping = new();
    private bool _isClosed;

    /// <summary>Takes note of a silo that has answered with its name, and joins it where that has not been done.</summary>
    /// <returns>Where the answer came from.</returns>
    public NearOrigin Meet(string region, string address, string? node)
    {
        lock (_gate)
        {
            var now = clock.Now;
            if (!_met.TryGetValue(address, out var silo))
            {
                if (_met.Count >= Most)
                    _met.Remove(_met.Values.MinBy(other => other.LastMet)!.Address);
                _met[address] = silo = new(region, address);
            }

            silo.LastMet = now;
            if (!silo.IsJoined && silo.Joining is null && now >= silo.JoinFrom && !_isClosed)
                silo.Joining = Task.Run(() => JoinAsync(silo));
            return silo.OriginOf(node);
        }
    }

    /// <summary>Takes note of what came of renewals.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="isKnown">Whether it renewed anything; it renews nothing for a client that it does not know.</param>
    public void NoteRenewed(NearSilo silo, bool isKnown)
    {
        lock (_gate)
        {
            silo.Silences = 0;
            if (!isKnown)
                silo.IsJoined = false;
        }
    }

    /// <summary>Takes note of a silo that has not answered. One that is gone is forgotten; it is met again if it is not.</summary>
    public void NoteSilence(NearSilo silo, Exception error)
    {
        LogNotRenewed(silo.Address, error.Message);
        lock (_gate)
        {
            silo.IsJoined = false;
            if (++silo.Silences >= MostSilences && _met.GetValueOrDefault(silo.Address) == silo && silo.Joining is null)
                _met.Remove(silo.Address);
        }
    }

    /// <summary>Says goodbye to those that know this client, as far as they can be reached soon.</summary>
    public async ValueTask DisposeAsync()
    {
        NearSilo[] known;
        Task[] joining;
        lock (_gate)
        {
            if (_isClosed)
                return;
            _isClosed = true;
            known = [.. _met.Values.Where(silo => silo.IsJoined || silo.Joining is not null)];
            joining = [.. _met.Values.Select(silo => silo.Joining).OfType<Task>()];
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(joining).ConfigureAwait(false);
        using var patience = new CancellationTokenSource(LeavePatience, clock.TimeProvider);
        await Parallel.ForEachAsync(known, new ParallelOptions { MaxDegreeOfParallelism = LeavesAtATime }, async (silo, _) => await LeaveAsync(silo, patience.Token).ConfigureAwait(false)).ConfigureAwait(false);
        await sources.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task JoinAsync(NearSilo silo)
    {
        var joined = false;
        try
        {
            await sources.JoinAsync(silo.Region, silo.Address, client, revoke, _stopping.Token).WaitAsync(Patience, clock.TimeProvider, _stopping.Token).ConfigureAwait(false);
            joined = true;
        }
        catch (Exception error)
        {
            LogNotJoined(silo.Address, error.Message);
        }

        lock (_gate)
        {
            silo.Joining = null;
            silo.IsJoined |= joined;
            silo.JoinFrom = clock.Now + (long)Pause.TotalMilliseconds;
        }
    }

    private async Task LeaveAsync(NearSilo silo, CancellationToken patience)
    {
        try
        {
            await sources.LeaveAsync(silo.Region, silo.Address, client, patience).WaitAsync(patience).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // It finds out by itself: it waits for the leases' end once.
            LogNotLeft(silo.Address, error.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The silo {Silo} could not be told of this client, which gets no leases from it for now: {Reason}")]
    private partial void LogNotJoined(string silo, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The silo {Silo} did not renew leases: {Reason}")]
    private partial void LogNotRenewed(string silo, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The silo {Silo} could not be told that this client goes: {Reason}")]
    private partial void LogNotLeft(string silo, string reason);
}

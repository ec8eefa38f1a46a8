using Microsoft.Extensions.Logging;
using OrleansCache.Entries;

namespace OrleansCache.Client;

/// <summary>The origin of entries; one instance for all entries of the same origin, which keeps an entry small.</summary>
/// <param name="Silo">The silo that grants their leases.</param>
/// <param name="Node">The node of its region that the keys belong to.</param>
internal sealed record NearOrigin(NearSilo Silo, string? Node);

/// <summary>One incarnation of a silo that has answered this client.</summary>
internal sealed class NearSilo(string region, string address, NearLeases leases)
{
    private const int MaxNodes = 1_000;

    private readonly Dictionary<string, NearOrigin> _origins = [];
    private volatile NearLeases _leases = leases;
    private volatile bool _isJoined;

    public string Region => region;

    public string Address => address;

    /// <summary>The volume leases from it.</summary>
    public NearLeases Leases
    {
        get => _leases;
        set => _leases = value;
    }

    /// <summary>Whether it knows this client, as far as this client can tell.</summary>
    public bool IsJoined
    {
        get => _isJoined;
        set => _isJoined = value;
    }

    /// <summary>
    /// The task that joins it, or null. This and the following members are guarded by the lock of <see cref="NearSilos"/>.
    /// </summary>
    public Task? Joining { get; set; }

    /// <summary>The moment from which joining may be tried again.</summary>
    public long JoinFrom { get; set; }

    /// <summary>When it last answered.</summary>
    public long LastMet { get; set; }

    /// <summary>The renewals in a row that it has not answered.</summary>
    public int Silences { get; set; }

    public NearOrigin OriginOf(string? node)
    {
        if (_origins.TryGetValue(node ?? "", out var known))
            return known;
        var origin = new NearOrigin(this, node);
        if (_origins.Count < MaxNodes)
            _origins[node ?? ""] = origin;
        return origin;
    }
}

/// <summary>
/// The silos that have answered this client. A silo that does not know it, or not any more, is joined in the background, and grants leases
/// with its next answers.
/// </summary>
internal sealed partial class NearSilos(
    Guid client, INearSources sources, INearRevocations near, Func<NearLeases> makeLeases, Clock clock, ILogger logger)
    : IAsyncDisposable
{
    private const int MaxSilos = 1_000;
    private const int MaxSilences = 3;
    private const int LeavesAtATime = 16;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, NearSilo> _met = [];
    private readonly CancellationTokenSource _stopping = new();
    private bool _isClosed;

    /// <summary>A number that changes when a lease of a silo ends for good.</summary>
    public long Endings
    {
        get
        {
            lock (_gate)
                return _met.Values.Sum(silo => silo.Leases.Endings);
        }
    }

    /// <summary>Notes a silo that has answered with its address, and joins it if necessary.</summary>
    /// <returns>The answer's origin.</returns>
    public NearOrigin Meet(string region, string address, string? node)
    {
        lock (_gate)
        {
            var now = clock.Now;
            if (!_met.TryGetValue(address, out var silo))
            {
                if (_met.Count >= MaxSilos)
                    Forget(_met.Values.MinBy(other => other.LastMet)!);
                _met[address] = silo = new(region, address, makeLeases());
            }

            silo.LastMet = now;
            if (!silo.IsJoined && silo.Joining is null && now >= silo.JoinFrom && !_isClosed)
                silo.Joining = Task.Run(() => JoinAsync(silo));
            return silo.OriginOf(node);
        }
    }

    /// <summary>The silos that know this client, as far as this client can tell.</summary>
    public NearSilo[] Joined()
    {
        lock (_gate)
            return [.. _met.Values.Where(silo => silo.IsJoined)];
    }

    /// <summary>A silo that has answered this client; null when none has that address.</summary>
    public NearSilo? Find(string address)
    {
        lock (_gate)
            return _met.GetValueOrDefault(address);
    }

    /// <summary>Forgets all leases, as when it is not known how long they last.</summary>
    public void ForgetLeases()
    {
        lock (_gate)
        {
            foreach (var silo in _met.Values)
                silo.Leases = makeLeases();
        }
    }

    /// <summary>Notes a silo that has answered a renewal.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="isKnown">Whether it knows this client.</param>
    public void NoteRenewed(NearSilo silo, bool isKnown)
    {
        lock (_gate)
        {
            silo.Silences = 0;
            if (!isKnown)
                silo.IsJoined = false;
        }
    }

    /// <summary>
    /// Notes a silo that has not answered a renewal. After a few it is not asked any more until it is met again. It stays known: its leases
    /// may not have ended, and it may still end them.
    /// </summary>
    public void NoteSilence(NearSilo silo, Exception error)
    {
        LogNotRenewed(silo.Address, error.Message);
        lock (_gate)
            silo.IsJoined &= ++silo.Silences < MaxSilences;
    }

    /// <summary>Leaves the silos that know this client, as far as they can be reached in time.</summary>
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
        using var timeout = new CancellationTokenSource(NearTimeouts.Leave, clock.TimeProvider);
        await Parallel.ForEachAsync(
            known,
            new ParallelOptions { MaxDegreeOfParallelism = LeavesAtATime },
            async (silo, _) => await LeaveAsync(silo, timeout.Token).ConfigureAwait(false)).ConfigureAwait(false);
        await sources.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    // What was held from it is not used any more: nobody would end these leases when the silo asks for that.
    private void Forget(NearSilo silo)
    {
        _met.Remove(silo.Address);
        silo.Leases.EndBelow(slot: null, below: long.MaxValue);
    }

    private async Task JoinAsync(NearSilo silo)
    {
        var isJoined = false;
        try
        {
            await sources.JoinAsync(silo.Region, silo.Address, client, near, _stopping.Token)
                .WaitAsync(NearTimeouts.Join, clock.TimeProvider, _stopping.Token).ConfigureAwait(false);
            isJoined = true;
        }
        catch (Exception error)
        {
            LogNotJoined(silo.Address, error.Message);
        }

        lock (_gate)
        {
            silo.Joining = null;
            silo.IsJoined |= isJoined;
            silo.Silences = isJoined ? 0 : silo.Silences;
            silo.JoinFrom = clock.Now + (long)NearTimeouts.JoinPause.TotalMilliseconds;
        }
    }

    private async Task LeaveAsync(NearSilo silo, CancellationToken timeout)
    {
        try
        {
            await sources.LeaveAsync(silo.Region, silo.Address, client, timeout).WaitAsync(timeout).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // The silo waits for the end of this client's leases once, and then forgets it.
            LogNotLeft(silo.Address, error.Message);
        }
    }

    [LoggerMessage(1011, LogLevel.Debug, "Could not join the silo {Silo}, which grants this client no leases until it is joined: {Reason}")]
    private partial void LogNotJoined(string silo, string reason);

    [LoggerMessage(1012, LogLevel.Debug, "The silo {Silo} did not renew leases: {Reason}")]
    private partial void LogNotRenewed(string silo, string reason);

    [LoggerMessage(1013, LogLevel.Debug, "Could not tell the silo {Silo} that this client leaves: {Reason}")]
    private partial void LogNotLeft(string silo, string reason);
}

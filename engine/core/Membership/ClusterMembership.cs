using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace OrleansCache.Engine.Membership;

/// <summary>
/// This silo's view of the cluster's membership, and its part in changing it.
/// 1. A change is made in the table, on its latest state, and told to the others; whoever was not told reads the table now and then.
/// 2. While the table cannot be read the last known state counts: nobody joins or is declared dead, all else goes on.
/// 3. A table that was lost is written anew by the silos that live, with a version later than any that somebody may know.
/// </summary>
internal sealed partial class ClusterMembership(IMembershipTable table, MemberRow self, ClusterMembershipOptions options, TimeProvider time, ILogger<ClusterMembership> logger) : IClusterMembershipService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(250);
    private readonly SemaphoreSlim _applying = new(1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Action<ClusterMembershipSnapshot>> _listeners = [];
    private readonly ConcurrentDictionary<SiloAddress, bool> _suspects = new();
    private readonly Lock _gate = new();
    private Task<MembershipState> _reading = Task.FromResult(MembershipState.Empty);
    private Task<MembershipState>? _nextReading;
    private Task _watching = Task.CompletedTask;
    private volatile MembershipView _view = new(MembershipState.Empty);
    private volatile MembershipUnavailableException? _unavailable;
    private long _unavailableAt;

    public ClusterMembershipSnapshot CurrentSnapshot => _view.Snapshot;

    public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => UpdatesAsync();

    public MembershipState State => _view.State;

    /// <summary>Whether the table could be read and written the last time that somebody tried.</summary>
    public bool IsTableReachable => _unavailable is null;

    /// <summary>Tells the other silos of a new state. Must not block.</summary>
    public Action<MembershipState> Announce { get; set; } = static _ => { };

    /// <summary>The latest state that the other silos know, for when the table cannot be asked.</summary>
    public Func<CancellationToken, Task<MembershipState?>> AskOthers { get; set; } = static _ => Task.FromResult<MembershipState?>(null);

    /// <summary>Calls back at each new snapshot, one at a time and in order, before anybody else sees it. Must not block.</summary>
    public void Listen(Action<ClusterMembershipSnapshot> listener) => _listeners.Add(listener);

    /// <summary>Reads the table; when that is not possible, or it lags behind, the other silos are asked. What was known goes on to count.</summary>
    public async ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default)
    {
        if (minimumVersion != default && CurrentSnapshot.Version >= minimumVersion) return;
        try
        {
            await ReadSoonAsync().WaitAsync(cancellationToken);
        }
        catch (MembershipUnavailableException)
        {
            // Said already, when it began.
        }

        if (minimumVersion == default || CurrentSnapshot.Version >= minimumVersion) return;
        if (await AskOthers(cancellationToken) is { } known) await OnAnnouncedAsync(known);
    }

    /// <summary>Whether this silo is at the version now, or later.</summary>
    public async ValueTask<bool> ReachAsync(long version, CancellationToken token)
    {
        await Refresh(new MembershipVersion(version), token);
        return CurrentSnapshot.Version.Value >= version;
    }

    /// <exception cref="MembershipUnavailableException">The table cannot be written.</exception>
    public async Task<bool> TryKill(SiloAddress siloAddress)
    {
        var latest = await ChangeAsync(state => state.Rows.TryGetValue(siloAddress, out var row) && row.IsAlive ? [row with { Status = SiloStatus.Dead }] : [], CancellationToken.None);
        return latest.Rows.TryGetValue(siloAddress, out var now) && !now.IsAlive;
    }

    public void Start() => _watching = WatchAsync(_stopping.Token);

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Writes this silo's row, however long the table takes to be there. A silo that joins takes its endpoint over from any that had it.</summary>
    /// <exception cref="OrleansException">The cluster has declared this silo dead.</exception>
    public async Task SetStatusAsync(SiloStatus status, CancellationToken token)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await ChangeAsync(state => OwnChange(state, status), token);
                return;
            }
            catch (MembershipUnavailableException exception)
            {
                if (attempt == 1) LogWaiting(status, exception.Message);
                await Task.Delay(RetryDelay, time, token);
            }
        }
    }

    /// <summary>Waits, as long as nobody is active, for silos that may be about to write themselves into a table that was lost.</summary>
    public async Task SettleAsync(CancellationToken token)
    {
        var deadline = time.GetTimestamp() + (long)(table.SettleTime.TotalSeconds * time.TimestampFrequency);
        while (time.GetElapsedTime(time.GetTimestamp(), deadline) is var left && left > TimeSpan.Zero && !State.Rows.Values.Any(row => row.Status == SiloStatus.Active))
        {
            var replaced = _view.Replaced.Task;
            await replaced.WaitAsync(left, time, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            token.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Whether this silo has found that one unreachable and the cluster has not decided on it yet.</summary>
    public bool IsSuspected(SiloAddress silo) => _suspects.ContainsKey(silo);

    /// <summary>Whether the silo is gone for certain, as far as this one can see, and waits only for being declared dead.</summary>
    public bool IsGone(SiloAddress silo) => _suspects.TryGetValue(silo, out var isGone) && isGone;

    public void Trust(SiloAddress silo) => _suspects.TryRemove(silo, out _);

    /// <summary>
    /// Has a silo declared dead. That nobody has its endpoint any more is proof; that it does not answer is a vote, and takes effect with enough others. While the
    /// table cannot be written, the suspicion stays here, and calls to the silo fail at once.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="isGone">Its endpoint refuses connections, or is another silo's.</param>
    /// <param name="isPatient">It has not answered for so long that, had the error been here, this silo would have been declared dead itself.</param>
    public async Task SuspectAsync(SiloAddress silo, bool isGone, bool isPatient = false)
    {
        if (!State.Rows.TryGetValue(silo, out var known) || !known.IsAlive) return;
        _suspects.AddOrUpdate(silo, isGone, (_, was) => was || isGone);
        try
        {
            var latest = await ChangeAsync(state => Verdict(state, silo, isGone, isPatient), _stopping.Token);
            if (latest.Rows.TryGetValue(silo, out var row) && !row.IsAlive) LogDead(row.Name, silo);
        }
        catch (MembershipUnavailableException)
        {
            // Tried again with the next probe.
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // This silo is leaving itself.
        }
    }

    /// <summary>Takes over what another silo knows.</summary>
    public async Task OnAnnouncedAsync(MembershipState state)
    {
        var known = State;
        if (known.TableId != state.TableId) await Refresh();
        else if (state.Version > known.Version) await ApplyAsync(state);
    }

    /// <summary>Reads the table itself, now; false when it cannot be read.</summary>
    public async Task<bool> TryReadAsync()
    {
        try
        {
            await ReadAsync();
            return true;
        }
        catch (MembershipUnavailableException)
        {
            return false;
        }
    }

    private IReadOnlyCollection<MemberRow> OwnChange(MembershipState state, SiloStatus status)
    {
        var own = state.Rows.GetValueOrDefault(self.Silo);
        if (own is { IsAlive: false } && status != SiloStatus.Dead) throw new OrleansException($"The cluster has declared this silo ({self.Silo}) dead; it cannot become {status}.");
        if (own?.Status == status || (own is null && status == SiloStatus.Dead)) return [];
        var change = (own ?? self) with { Status = status };
        return status != SiloStatus.Joining ? [change] : [change, .. state.Rows.Values.Where(IsPredecessor).Select(row => row with { Status = SiloStatus.Dead })];
    }

    private bool IsPredecessor(MemberRow row) => row.IsAlive && row.Silo.Endpoint.Equals(self.Silo.Endpoint) && !row.Silo.Equals(self.Silo);

    private IReadOnlyCollection<MemberRow> Verdict(MembershipState state, SiloAddress silo, bool isGone, bool isPatient)
    {
        if (!state.Rows.TryGetValue(silo, out var row) || !row.IsAlive) return [];
        if (state.Rows.TryGetValue(self.Silo, out var own) && !own.IsAlive) return [];
        if (isGone) return [row with { Status = SiloStatus.Dead }];
        var now = time.GetUtcNow();
        var others = row.Votes.Where(vote => !vote.Voter.Equals(self.Silo) && now - vote.At < options.DeathVoteExpirationTimeout && state.Rows.TryGetValue(vote.Voter, out var voter) && voter.Status == SiloStatus.Active).ToList();

        // Whoever does not answer will not vote either; but before it rests on that alone, a silo that is cut off itself has to have been voted out.
        var voters = state.Rows.Values.Count(member => member.Status == SiloStatus.Active && (member.Silo.Equals(silo) || !isPatient || !IsSuspected(member.Silo)));
        var needed = Math.Max(1, Math.Min(options.NumVotesForDeathDeclaration, (voters + 1) / 2));
        if (others.Count + 1 >= needed) return [row with { Status = SiloStatus.Dead }];
        var hasVoted = row.Votes.Any(vote => vote.Voter.Equals(self.Silo) && now - vote.At < options.DeathVoteExpirationTimeout / 2);
        return hasVoted ? [] : [row with { Votes = [.. others, new DeathVote(self.Silo, now)] }];
    }

    private async Task<MembershipState> ChangeAsync(Func<MembershipState, IReadOnlyCollection<MemberRow>> change, CancellationToken token)
    {
        while (true)
        {
            var latest = await ReadSoonAsync().WaitAsync(token);
            var rows = change(latest);
            if (rows.Count == 0) return latest;
            var next = latest.Next(rows, options.MaxDefunctSiloEntries ?? int.MaxValue);
            if (!await WriteAsync(next, latest.Version, token)) continue;
            await ApplyAsync(next);
            Announce(next);
            return next;
        }
    }

    /// <summary>A read that begins after this call; all who ask meanwhile share it. A table that was just found unreachable is not asked again at once.</summary>
    private Task<MembershipState> ReadSoonAsync()
    {
        lock (_gate)
        {
            if (_unavailable is { } reason && time.GetElapsedTime(_unavailableAt) < RetryDelay) return Task.FromException<MembershipState>(new MembershipUnavailableException(reason.Message, reason));
            return _nextReading ??= ReadAfterAsync(_reading);
        }
    }

    private async Task<MembershipState> ReadAfterAsync(Task earlier)
    {
        await earlier.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (_gate)
        {
            _reading = _nextReading!;
            _nextReading = null;
        }

        return await ReadAsync();
    }

    private async Task<MembershipState> ReadAsync()
    {
        while (true)
        {
            var read = await AskTableAsync(() => table.ReadAsync(_stopping.Token));
            var known = State;
            if (read.HasLost(known) && known.Rows.TryGetValue(self.Silo, out var own) && own.IsAlive)
            {
                var restored = read.Restored(known);
                if (!ReferenceEquals(restored, read))
                {
                    if (!await WriteAsync(restored, read.Version, _stopping.Token)) continue;
                    LogRestored(read.Version, restored.Version);
                    Announce(restored);
                }

                read = restored;
            }

            await ApplyAsync(read);
            return read;
        }
    }

    private ValueTask<bool> WriteAsync(MembershipState next, long expected, CancellationToken token) => AskTableAsync(() => table.TryWriteAsync(next, expected, token));

    private async ValueTask<T> AskTableAsync<T>(Func<ValueTask<T>> ask)
    {
        try
        {
            var answer = await ask();
            if (_unavailable is not null) LogReachable();
            _unavailable = null;
            return answer;
        }
        catch (MembershipUnavailableException exception)
        {
            if (_unavailable is null) LogUnreachable(exception.Message);
            Volatile.Write(ref _unavailableAt, time.GetTimestamp());
            _unavailable = exception;
            throw;
        }
    }

    private async Task ApplyAsync(MembershipState state)
    {
        await _applying.WaitAsync();
        try
        {
            var old = _view;
            if (state.Version <= old.State.Version) return;
            var view = new MembershipView(state);
            foreach (var silo in _suspects.Keys.Where(silo => !state.Rows.TryGetValue(silo, out var row) || !row.IsAlive)) Trust(silo);
            foreach (var listener in _listeners) listener(view.Snapshot);
            _view = view;
            old.Replaced.TrySetResult();
        }
        finally
        {
            _applying.Release();
        }
    }

    private async Task WatchAsync(CancellationToken token)
    {
        while (true)
        {
            try
            {
                await table.WaitForChangeAsync(State.Version, token);
                await ReadSoonAsync().WaitAsync(token);
            }
            catch (MembershipUnavailableException)
            {
                await Task.Delay(RetryDelay, time, token);
            }
            catch (Exception exception) when (!token.IsCancellationRequested)
            {
                LogUnreadable(exception);
                await Task.Delay(RetryDelay, time, token);
            }
        }
    }

    private async IAsyncEnumerable<ClusterMembershipSnapshot> UpdatesAsync([EnumeratorCancellation] CancellationToken token = default)
    {
        while (!_stopping.IsCancellationRequested)
        {
            var view = _view;
            if (view.Snapshot.Version > MembershipVersion.MinValue) yield return view.Snapshot;
            using var either = CancellationTokenSource.CreateLinkedTokenSource(token, _stopping.Token);
            var wait = view.Replaced.Task.WaitAsync(either.Token);
            await wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            token.ThrowIfCancellationRequested();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Silo {Name} ({Silo}) is dead")]
    private partial void LogDead(string name, SiloAddress silo);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The membership table cannot be used; the silos that are known go on, but none can join or leave: {Reason}")]
    private partial void LogUnreachable(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The membership table can be used again")]
    private partial void LogReachable();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The membership table had lost the cluster (version {Found}); the silos that are known are in it again (version {Version})")]
    private partial void LogRestored(long found, long version);

    [LoggerMessage(Level = LogLevel.Error, Message = "The membership table cannot be understood")]
    private partial void LogUnreadable(Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "This silo cannot become {Status} before the membership table can be used: {Reason}")]
    private partial void LogWaiting(SiloStatus status, string reason);
}

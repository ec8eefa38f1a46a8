using Microsoft.Extensions.Logging;
using OrleansCache.Engine.Membership;

namespace OrleansCache.Engine.Directory;

/// <summary>
/// Knows where each active grain is, so that no grain is active twice. Each grain's entry is kept by one silo:
/// 1. The keeper follows from the ring of the active silos; both sides name the membership's version that they rest on.
/// 2. A silo whose part of the ring grows first asks all silos for their registered activations there; until it has all
///    answers, requests for that part wait.
/// 3. A registration counts only if the silo that asked is, when the answer comes, at the version that the keeper granted
///    it at. Else it asks again. So an activation either is in the list of (2) or was registered with the new keeper.
/// </summary>
internal sealed partial class GrainDirectory(
    SiloAddress self, ClusterMembership membership, ILocalActivations local, Func<SiloAddress, ISiloControl> silos, TimeProvider time, ILogger<GrainDirectory> logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(20);

    /// <summary>How long a keeper may be unreachable: longer than it takes to declare it dead.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly Lock _gate = new();
    private readonly Dictionary<GrainId, (SiloAddress Silo, long Activation)> _entries = [];
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>The rings since the part that is kept was last complete; null: one that was missed, so nothing is certain.</summary>
    private List<Ring?> _since = [null];
    private TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isComplete;
    private long _version = long.MinValue;
    private Ring _ring = new([]);
    private Task _recovery = Task.CompletedTask;

    /// <summary>The number of entries kept here.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _entries.Count;
        }
    }

    /// <summary>Where the grain is; null when it is not active.</summary>
    public async ValueTask<(SiloAddress Silo, long Activation)?> FindAsync(GrainId grain)
    {
        var reply = await AskAsync(grain, 0, (control, version, id, _) => control.LookupAsync(version, id));
        return reply is { Silo: { } silo } found ? (silo, found.Activation) : null;
    }

    /// <summary>Registers an activation of this silo. Once it counts, <paramref name="accept"/> is called; else the result is where the grain is active.</summary>
    public async ValueTask<SiloAddress?> RegisterAsync(GrainId grain, long activation, Action accept)
    {
        while (true)
        {
            var reply = await AskAsync(grain, activation, (control, version, id, number) => control.RegisterAsync(version, id, self, number))
                ?? throw new SiloUnavailableException($"No silo of the cluster is active, so {grain} cannot be activated.");
            if (!self.Equals(reply.Silo) || reply.Activation != activation) return reply.Silo!;
            if (!await membership.ReachAsync(reply.Version, _stopping.Token)) await Task.Delay(RetryDelay, time, _stopping.Token);
            lock (_gate)
            {
                if (_version != reply.Version) continue;
                accept();
                return null;
            }
        }
    }

    /// <summary>Removes an activation of this silo.</summary>
    public async ValueTask UnregisterAsync(GrainId grain, long activation) =>
        await AskAsync(grain, activation, (control, version, id, number) => control.UnregisterAsync(version, id, self, number));

    public ValueTask<DirectoryReply> OnLookupAsync(long version, GrainId grain) => ServeAsync(version, grain, null, 0, remove: false);

    public ValueTask<DirectoryReply> OnRegisterAsync(long version, GrainId grain, SiloAddress silo, long activation) => ServeAsync(version, grain, silo, activation, remove: false);

    public ValueTask<DirectoryReply> OnUnregisterAsync(long version, GrainId grain, SiloAddress silo, long activation) => ServeAsync(version, grain, silo, activation, remove: true);

    public async ValueTask<RegisteredActivation[]> OnListAsync(long version, SiloAddress[] ring, SiloAddress keeper)
    {
        await CatchUpAsync(version);
        var asked = new Ring(ring);
        lock (_gate) return [.. local.Registered.Where(activation => keeper.Equals(asked.OwnerOf(activation.Grain)))];
    }

    /// <summary>Takes a new membership over, before anybody else acts on it.</summary>
    public void OnMembership(ClusterMembershipSnapshot snapshot)
    {
        var ring = new Ring(snapshot.Members.Values.Where(member => member.Status == SiloStatus.Active).Select(member => member.SiloAddress));
        lock (_gate)
        {
            var isNext = _version + 1 == snapshot.Version.Value;
            var isSame = ring.Silos.AsSpan().SequenceEqual(_ring.Silos);
            _version = snapshot.Version.Value;
            Drop(entry => !IsHost(snapshot, entry.Value.Silo) || !self.Equals(ring.OwnerOf(entry.Key)));
            if (isSame && isNext) return;
            _ring = ring;
            if (!isNext) _since.Add(null);
            _since.Add(ring);
            if (_isComplete || _complete.Task.IsCompleted)
            {
                _isComplete = false;
                _complete = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            if (Array.IndexOf(ring.Silos, self) >= 0) _recovery = TryRecoverAsync(_recovery, snapshot, ring);
            // A silo that has left takes nothing over any more; whoever waits for that learns now who keeps the entry.
            else _complete.TrySetResult();
        }
    }

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _recovery.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static bool IsHost(ClusterMembershipSnapshot snapshot, SiloAddress silo) =>
        snapshot.Members.TryGetValue(silo, out var member) && member.Status is SiloStatus.Active or SiloStatus.ShuttingDown;

    private void Drop(Func<KeyValuePair<GrainId, (SiloAddress Silo, long Activation)>, bool> condition)
    {
        foreach (var entry in _entries)
        {
            // Removing from a dictionary while it is read is allowed.
            if (condition(entry)) _entries.Remove(entry.Key);
        }
    }

    /// <summary>Whether this silo has kept the grain's entry without a gap.</summary>
    private bool IsKept(GrainId grain) => _isComplete || _since.TrueForAll(ring => ring is not null && self.Equals(ring.OwnerOf(grain)));

    /// <summary>Asks the keeper; null when no silo is active, so nobody keeps anything.</summary>
    private async ValueTask<DirectoryReply?> AskAsync(GrainId grain, long activation, Func<ISiloControl, long, GrainId, long, ValueTask<DirectoryReply>> ask)
    {
        var begun = time.GetTimestamp();
        while (true)
        {
            if (_stopping.IsCancellationRequested) throw new SiloUnavailableException($"Silo {self} has stopped.");
            var (version, keeper) = Keeper(grain);
            if (keeper is null) return null;
            try
            {
                var reply = await ask(silos(keeper), version, grain, activation);
                if (reply.IsKeeper) return reply;
                if (reply.Version <= version || !await membership.ReachAsync(reply.Version, _stopping.Token)) await Task.Delay(RetryDelay, time, _stopping.Token);
            }
            catch (OrleansException unreachable)
            {
                // The membership will say sooner or later that the keeper is gone, and who keeps the entry now; but not while its table cannot be written.
                LogUnreachable(keeper, unreachable.Message);
                if (time.GetElapsedTime(begun) > Patience || (membership.IsGone(keeper) && !membership.IsTableReachable))
                {
                    throw new SiloUnavailableException($"{keeper}, which knows where {grain} is, cannot be reached.", unreachable);
                }

                await Task.Delay(RetryDelay, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await membership.Refresh(default, CancellationToken.None);
            }
        }
    }

    /// <summary>What another silo asks rests on a membership that this one has to know before it answers.</summary>
    private async ValueTask CatchUpAsync(long version)
    {
        if (!await membership.ReachAsync(version, _stopping.Token)) throw new SiloUnavailableException($"{self} could not yet learn of version {version} of the membership.");
    }

    private (long Version, SiloAddress? Keeper) Keeper(GrainId grain)
    {
        lock (_gate) return (_version, _ring.OwnerOf(grain));
    }

    private async ValueTask<DirectoryReply> ServeAsync(long version, GrainId grain, SiloAddress? silo, long activation, bool remove)
    {
        await CatchUpAsync(version);
        while (true)
        {
            Task complete;
            lock (_gate)
            {
                if (!self.Equals(_ring.OwnerOf(grain))) return new DirectoryReply { Version = _version };
                if (IsKept(grain)) return ServeUnderLock(grain, silo, activation, remove);
                complete = _complete.Task;
            }

            await complete.WaitAsync(_stopping.Token);
        }
    }

    private DirectoryReply ServeUnderLock(GrainId grain, SiloAddress? silo, long activation, bool remove)
    {
        var isKnown = _entries.TryGetValue(grain, out var entry);
        if (remove && isKnown && entry.Activation == activation && entry.Silo.Equals(silo))
        {
            _entries.Remove(grain);
            entry = default;
        }
        else if (!remove && !isKnown && silo is not null)
        {
            entry = (silo, activation);
            _entries.Add(grain, entry);
        }

        return new DirectoryReply { IsKeeper = true, Version = _version, Silo = entry.Silo, Activation = entry.Activation };
    }

    private async Task TryRecoverAsync(Task earlier, ClusterMembershipSnapshot snapshot, Ring ring)
    {
        await earlier.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        try
        {
            await RecoverAsync(snapshot, ring);
        }
        catch (Exception exception) when (!_stopping.IsCancellationRequested)
        {
            LogRecoveryFailed(exception);
        }
    }

    private async Task RecoverAsync(ClusterMembershipSnapshot snapshot, Ring ring)
    {
        var hosts = snapshot.Members.Values.Where(member => member.Status is SiloStatus.Active or SiloStatus.ShuttingDown);
        var lists = await Task.WhenAll(hosts.Select(host => ListAsync(host.SiloAddress, snapshot.Version.Value, ring)));
        lock (_gate)
        {
            // A later membership has a recovery of its own.
            if (_ring != ring) return;
            foreach (var (silo, activations) in lists)
            {
                if (activations is null) return;
                foreach (var activation in activations)
                {
                    if (!IsKept(activation.Grain)) _entries.TryAdd(activation.Grain, (silo, activation.Activation));
                }
            }

            _since = [ring];
            _isComplete = true;
            _complete.TrySetResult();
        }
    }

    /// <summary>A silo's activations; null when a later membership has made the question pointless.</summary>
    private async Task<(SiloAddress Silo, RegisteredActivation[]? Activations)> ListAsync(SiloAddress silo, long version, Ring ring)
    {
        while (true)
        {
            try
            {
                return (silo, await silos(silo).ListActivationsAsync(version, ring.Silos, self));
            }
            catch (Exception unreachable) when (!_stopping.IsCancellationRequested)
            {
                LogUnreachable(silo, unreachable.Message);
            }

            await Task.Delay(RetryDelay, time, _stopping.Token);
            lock (_gate)
            {
                if (_ring != ring) return (silo, null);
                if (!IsHost(membership.CurrentSnapshot, silo)) return (silo, []);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The directory could not take its part over")]
    private partial void LogRecoveryFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Silo {Silo} did not answer the directory: {Reason}")]
    private partial void LogUnreachable(SiloAddress silo, string reason);
}

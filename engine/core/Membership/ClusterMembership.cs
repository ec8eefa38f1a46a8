using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace OrleansCache.Engine.Membership;

/// <summary>This silo's view of the cluster's membership, and its part in changing it.</summary>
internal sealed partial class ClusterMembership(IMembershipTable table, ILogger<ClusterMembership> logger) : IClusterMembershipService
{
    private readonly SemaphoreSlim _applying = new(1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Action<ClusterMembershipSnapshot>> _listeners = [];
    private Task _watching = Task.CompletedTask;
    private volatile View _view = new(new ClusterMembershipSnapshot(System.Collections.Immutable.ImmutableDictionary<SiloAddress, ClusterMember>.Empty, MembershipVersion.MinValue));

    public ClusterMembershipSnapshot CurrentSnapshot => _view.Snapshot;

    public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => UpdatesAsync();

    /// <summary>Calls back at each new snapshot, one at a time and in order, before anybody else sees it. Must not block.</summary>
    public void Listen(Action<ClusterMembershipSnapshot> listener) => _listeners.Add(listener);

    public async ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default)
    {
        if (minimumVersion != default && CurrentSnapshot.Version >= minimumVersion) return;
        await ReadAsync(cancellationToken);
    }

    public Task<bool> TryKill(SiloAddress siloAddress) => DeclareDeadAsync(siloAddress, CancellationToken.None);

    public void Start() => _watching = WatchAsync(_stopping.Token);

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Writes this silo's row.</summary>
    public async Task SetStatusAsync(SiloAddress silo, string name, SiloStatus status, CancellationToken token)
    {
        while (true)
        {
            await ReadAsync(token);
            var known = CurrentSnapshot;
            if (known.GetSiloStatus(silo) == SiloStatus.Dead && status != SiloStatus.Dead) throw new OrleansException($"The cluster has declared this silo ({silo}) dead; it cannot become {status}.");
            if (await table.TryWriteAsync(new ClusterMember(silo, status, name), known.Version, token)) break;
        }

        await ReadAsync(token);
    }

    public async Task<bool> DeclareDeadAsync(SiloAddress silo, CancellationToken token)
    {
        while (true)
        {
            await ReadAsync(token);
            if (!CurrentSnapshot.Members.TryGetValue(silo, out var member)) return false;
            if (member.Status == SiloStatus.Dead) return true;
            if (await table.TryWriteAsync(new ClusterMember(silo, SiloStatus.Dead, member.Name), CurrentSnapshot.Version, token)) LogDead(silo, member.Name);
        }
    }

    private async Task WatchAsync(CancellationToken token)
    {
        while (true)
        {
            await table.WaitForChangeAsync(CurrentSnapshot.Version, token);
            await ReadAsync(token);
        }
    }

    private async Task ReadAsync(CancellationToken token)
    {
        await _applying.WaitAsync(token);
        try
        {
            var read = await table.ReadAsync(token);
            if (read.Version <= CurrentSnapshot.Version) return;
            foreach (var listener in _listeners) listener(read);
            var old = _view;
            _view = new View(read);
            old.Replaced.TrySetResult();
        }
        finally
        {
            _applying.Release();
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Declared silo {Name} ({Silo}) dead")]
    private partial void LogDead(SiloAddress silo, string name);

    private sealed record View(ClusterMembershipSnapshot Snapshot)
    {
        public TaskCompletionSource Replaced { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

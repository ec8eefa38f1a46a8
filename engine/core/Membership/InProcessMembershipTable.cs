using System.Collections.Immutable;

namespace OrleansCache.Engine.Membership;

/// <summary>The table of a cluster whose silos share a process.</summary>
internal sealed class InProcessMembershipTable : IMembershipTable
{
    private const int MostDead = 25;
    private readonly Lock _gate = new();
    private ClusterMembershipSnapshot _current = new(ImmutableDictionary<SiloAddress, ClusterMember>.Empty, new MembershipVersion(0));
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ValueTask<ClusterMembershipSnapshot> ReadAsync(CancellationToken token)
    {
        lock (_gate) return ValueTask.FromResult(_current);
    }

    public ValueTask<bool> TryWriteAsync(ClusterMember member, MembershipVersion expected, CancellationToken token)
    {
        lock (_gate)
        {
            if (_current.Version != expected) return ValueTask.FromResult(false);
            var members = Forget(_current.Members.SetItem(member.SiloAddress, member));
            _current = new ClusterMembershipSnapshot(members, new MembershipVersion(expected.Value + 1));
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return ValueTask.FromResult(true);
        }
    }

    public Task WaitForChangeAsync(MembershipVersion known, CancellationToken token)
    {
        lock (_gate) return _current.Version > known ? Task.CompletedTask : _changed.Task.WaitAsync(token);
    }

    private static ImmutableDictionary<SiloAddress, ClusterMember> Forget(ImmutableDictionary<SiloAddress, ClusterMember> members)
    {
        var dead = members.Values.Where(member => member.Status == SiloStatus.Dead).OrderByDescending(member => member.SiloAddress.Generation).Skip(MostDead);
        return members.RemoveRange(dead.Select(member => member.SiloAddress));
    }
}

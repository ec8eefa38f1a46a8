namespace OrleansCache.Engine.Membership;

/// <summary>A state as this silo shows it, and the moment when it is replaced.</summary>
internal sealed class MembershipView(MembershipState state)
{
    public MembershipState State => state;

    public ClusterMembershipSnapshot Snapshot { get; } = state.Version == 0
        ? new ClusterMembershipSnapshot(System.Collections.Immutable.ImmutableDictionary<SiloAddress, ClusterMember>.Empty, MembershipVersion.MinValue)
        : state.ToSnapshot();

    public TaskCompletionSource Replaced { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

namespace OrleansCache.Engine.Membership;

/// <summary>Where the silos of a cluster agree on who is a member. Every change has to build on the latest state.</summary>
internal interface IMembershipTable
{
    ValueTask<ClusterMembershipSnapshot> ReadAsync(CancellationToken token);

    /// <summary>Writes a member's row; false when the table is not at the expected version any more.</summary>
    ValueTask<bool> TryWriteAsync(ClusterMember member, MembershipVersion expected, CancellationToken token);

    /// <summary>Completes when the table is probably at a later version than this one.</summary>
    Task WaitForChangeAsync(MembershipVersion known, CancellationToken token);
}

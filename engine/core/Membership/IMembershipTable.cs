namespace OrleansCache.Engine.Membership;

/// <summary>Where the silos of a cluster agree on who is a member. Every change has to build on the latest state.</summary>
internal interface IMembershipTable
{
    /// <summary>
    /// How long a silo that finds nobody active waits before it is: a table that was lost may have a cluster whose silos
    /// are about to write themselves in again.
    /// </summary>
    TimeSpan SettleTime { get; }

    /// <summary>The state now; <see cref="MembershipState.Empty"/> when there is none.</summary>
    /// <exception cref="MembershipUnavailableException">The table cannot be reached, or not in time.</exception>
    ValueTask<MembershipState> ReadAsync(CancellationToken token);

    /// <summary>Replaces the state; false when the table is not at the expected version any more.</summary>
    /// <exception cref="MembershipUnavailableException">The table cannot be reached, or not in time; whether the state was written is not known.</exception>
    ValueTask<bool> TryWriteAsync(MembershipState next, long expected, CancellationToken token);

    /// <summary>Completes when the table is probably at a later version than this one, or it is time to look.</summary>
    Task WaitForChangeAsync(long known, CancellationToken token);
}

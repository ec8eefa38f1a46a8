using Orleans.Concurrency;

namespace OrleansCache;

/// <summary>
/// A silo as a granter of leases to near caches. The grain is pinned to one incarnation of the silo. Its key is the silo's address, as
/// <see cref="LookupAnswer.Silo"/> has it.
/// </summary>
[Alias("OrleansCache.INearSource")]
internal interface INearSource : IGrainWithStringKey
{
    /// <summary>Registers a client, which then gets leases and their revocations. Safe to repeat.</summary>
    /// <param name="client">The client's id, new for each of its processes.</param>
    /// <param name="observer">Where revocations are sent.</param>
    /// <exception cref="LookupRefusedException">The silo has as many clients as it accepts.</exception>
    [AlwaysInterleave, Alias("Join")]
    Task JoinAsync(Guid client, INearObserver observer);

    /// <summary>Renews a client's volume leases, one for each slot.</summary>
    /// <param name="client">The client.</param>
    /// <param name="releases">The keys that it has not any more.</param>
    /// <param name="workedOff">The number of the last answer whose keys it has dropped.</param>
    /// <returns>Null when the silo does not know the client, which then has to join.</returns>
    [AlwaysInterleave, Alias("RenewVolumes")]
    Task<NearRenewal?> RenewAsync(Guid client, Releases releases, long workedOff);

    /// <summary>Grants leases on rows that a client has, if this silo has them and may use them; nothing is loaded for it.</summary>
    /// <param name="client">The client.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="released">The number of the last message about released keys that the client had sent.</param>
    /// <returns>The answers in the same order; null when the silo does not know the client, which then has to join.</returns>
    /// <exception cref="InvalidKeyException">A key is invalid, or there are too many.</exception>
    [AlwaysInterleave, Alias("Confirm")]
    Task<NearConfirmation[]?> ConfirmAsync(Guid client, HeldRow[] rows, long released);

    /// <summary>Looks up books that live on this silo; see <see cref="IBatchGrain"/>.</summary>
    [AlwaysInterleave, Alias("LookupMany")]
    Task<LookupAnswer?[]> LookupManyAsync(string[] books, LookupOptions options, CancellationToken cancellation);

    /// <summary>Removes a client that shuts down and uses no entry any more; revocations do not wait for it afterwards.</summary>
    [AlwaysInterleave, Alias("Leave")]
    Task LeaveAsync(Guid client);
}

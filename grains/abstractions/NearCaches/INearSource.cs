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

    /// <summary>Renews a client's leases.</summary>
    /// <param name="client">The client.</param>
    /// <param name="held">The entries that it holds.</param>
    /// <returns>
    /// For each in order the length of its lease, counted from before the call; zero when it was not renewed. All zero when the silo does
    /// not know the client.
    /// </returns>
    [AlwaysInterleave, Alias("Renew")]
    Task<TimeSpan[]> RenewAsync(Guid client, HeldEntry[] held);

    /// <summary>Looks up books that live on this silo; see <see cref="IBatchGrain"/>.</summary>
    [AlwaysInterleave, Alias("LookupMany")]
    Task<LookupAnswer?[]> LookupManyAsync(string[] books, LookupOptions options, CancellationToken cancellation);

    /// <summary>Removes a client that shuts down and uses no entry any more; revocations do not wait for it afterwards.</summary>
    [AlwaysInterleave, Alias("Leave")]
    Task LeaveAsync(Guid client);
}

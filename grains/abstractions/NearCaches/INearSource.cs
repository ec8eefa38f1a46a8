using Orleans.Concurrency;

namespace OrleansCache;

/// <summary>
/// A silo as the near caches below it speak to it: pinned to it, one per incarnation. Its key is the silo's address, as
/// <see cref="LookupAnswer.Silo"/> gives it.
/// </summary>
[Alias("OrleansCache.INearSource")]
public interface INearSource : IGrainWithStringKey
{
    /// <summary>Makes a client known, so that it gets leases and is told when they are revoked. Safe to repeat.</summary>
    /// <param name="client">The client's own id, new for each process.</param>
    /// <param name="observer">Whom to tell.</param>
    [AlwaysInterleave, Alias("Join")]
    Task JoinAsync(Guid client, INearObserver observer);

    /// <summary>Renews a client's leases.</summary>
    /// <param name="client">The client.</param>
    /// <param name="held">What it holds.</param>
    /// <returns>For each in order how long its lease is, counted from before the call; zero when it was not renewed. All zero when the silo does not know the client.</returns>
    [AlwaysInterleave, Alias("Renew")]
    Task<TimeSpan[]> RenewAsync(Guid client, HeldEntry[] held);

    /// <summary>Looks up books that live on this silo; see <see cref="IBatchGrain"/>.</summary>
    [AlwaysInterleave, Alias("LookupMany")]
    Task<LookupAnswer?[]> LookupManyAsync(string[] books, LookupOptions options, CancellationToken cancellation);

    /// <summary>Says that a client goes, so that nobody waits for it any more.</summary>
    [AlwaysInterleave, Alias("Leave")]
    Task LeaveAsync(Guid client);
}

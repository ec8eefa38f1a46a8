using Microsoft.Extensions.Logging;
using OrleansCache.Diagnostics;
using OrleansCache.Entries;
using OrleansCache.Leases;
using OrleansCache.Placement;
using OrleansCache.Topology;

namespace OrleansCache.Owners;

/// <summary>
/// Revokes leases of silos. A silo that does not acknowledge is called again, until its leases have ended.
/// </summary>
internal sealed partial class Revoker(
    IGrainFactory grains, RegionalSilos silos, RoundTrips roundTrips, SiloCounters counters, Clock clock, ILogger<Revoker> logger)
{
    /// <summary>Revokes the leases of one holder.</summary>
    /// <param name="holder">The silo's address.</param>
    /// <param name="books">The keys.</param>
    /// <param name="until">The moment at which the leases end anyway.</param>
    /// <returns>The holder's acknowledgement for each key; null when the leases have ended without one.</returns>
    public async Task<RevocationToken[]?> RevokeAsync(string holder, string[] books, long until)
    {
        var silo = grains.GetGrain<ILeaseHolder>(holder);
        var call = new RepeatedCall(RepeatAfter(holder), OwnerTimeouts.RevocationPause, clock);
        var (isDone, tokens, failure) = await call.RunAsync(over => silo.RevokeAsync(books, over), until);
        counters.CountRevocation(books.Length, isDone);
        if (!isDone)
            LogWaited(books.Length, holder, failure ?? "they had ended");
        return tokens;
    }

    private TimeSpan RepeatAfter(string holder)
    {
        var known = silos.All.FirstOrDefault(silo => silo.Address.ToParsableString() == holder);
        return OwnerTimeouts.RevocationAttempt + (known is null ? roundTrips.LongestWay() : roundTrips.Way(known.Region));
    }

    [LoggerMessage(
        EventId = 1200, Level = LogLevel.Warning,
        Message = "{Holder} did not acknowledge the revocation of {Count} leases; waited for them to expire: {Reason}")]
    private partial void LogWaited(int count, string holder, string reason);
}

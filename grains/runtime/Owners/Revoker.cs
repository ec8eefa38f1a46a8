using Microsoft.Extensions.Logging;
using OrleansCache.Diagnostics;
using OrleansCache.Entries;
using OrleansCache.Leases;
using OrleansCache.Placement;
using OrleansCache.Topology;

namespace OrleansCache.Owners;

/// <summary>
/// Revokes what silos have. A silo that does not acknowledge is called again, until its lease has ended; one that has returned all before
/// it left is not called.
/// </summary>
internal sealed partial class Revoker(
    IGrainFactory grains,
    RegionalSilos silos,
    Departures departures,
    RoundTrips roundTrips,
    SiloCounters counters,
    Clock clock,
    ILogger<Revoker> logger)
{
    /// <summary>Revokes what one holder has.</summary>
    /// <param name="holder">The silo's address.</param>
    /// <param name="books">The keys.</param>
    /// <param name="until">The moment from which it cannot use them anyway.</param>
    /// <returns>The holder's acknowledgement for each key; null when that moment has come without one.</returns>
    public async Task<RevocationToken[]?> RevokeAsync(string holder, string[] books, long until)
    {
        var address = SiloAddress.FromParsableString(holder);
        var silo = grains.GetGrain<ILeaseHolder>(holder);
        var call = new RepeatedCall(RepeatAfter(holder), OwnerTimeouts.RevocationPause, clock);
        var (isDone, tokens, failure) = await call.RunAsync(
            over => departures.IsGraceful(address) ? null : silo.RevokeAsync(books, over), until);
        counters.CountRevocation(books.Length, isDone);
        if (!isDone)
            LogWaited(books.Length, holder, failure ?? "its lease had ended");
        return isDone ? tokens ?? new RevocationToken[books.Length] : null;
    }

    private TimeSpan RepeatAfter(string holder)
    {
        var known = silos.All.FirstOrDefault(silo => silo.Address.ToParsableString() == holder);
        return OwnerTimeouts.RevocationAttempt + (known is null ? roundTrips.LongestWay() : roundTrips.Way(known.Region));
    }

    [LoggerMessage(
        EventId = 1200, Level = LogLevel.Warning,
        Message = "{Holder} did not acknowledge the revocation of {Count} books; waited for its lease to end: {Reason}")]
    private partial void LogWaited(int count, string holder, string reason);
}

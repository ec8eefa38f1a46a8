using Microsoft.Extensions.Logging;
using OrleansCache.Entries;
using OrleansCache.Leases;

namespace OrleansCache.Owners;

/// <summary>
/// Revokes leases of silos. A silo that does not acknowledge is called again, until its leases have ended.
/// </summary>
internal sealed partial class Revoker(IGrainFactory grains, Clock clock, ILogger<Revoker> logger)
{
    /// <summary>Revokes the leases of one holder.</summary>
    /// <param name="holder">The silo's address.</param>
    /// <param name="books">The keys.</param>
    /// <param name="until">The moment at which the leases end anyway.</param>
    /// <returns>The holder's acknowledgement for each key; null when the leases have ended without one.</returns>
    public async Task<RevocationToken[]?> RevokeAsync(string holder, string[] books, long until)
    {
        var silo = grains.GetGrain<ILeaseHolder>(holder);
        string? failure = null;
        for (var left = until - clock.Now; left > 0; left = until - clock.Now)
        {
            var attempt = Least(TimeSpan.FromMilliseconds(left), OwnerTimeouts.RevocationAttempt);
            using var timeout = new CancellationTokenSource(attempt, clock.TimeProvider);
            try
            {
                return await silo.RevokeAsync(books, timeout.Token).WaitAsync(timeout.Token);
            }
            catch (Exception error)
            {
                failure ??= error.Message;
            }

            var rest = TimeSpan.FromMilliseconds(Math.Max(1, until - clock.Now));
            await Task.Delay(Least(rest, OwnerTimeouts.RevocationPause), clock.TimeProvider);
        }

        LogWaited(books.Length, holder, failure ?? "they had ended");
        return null;
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    [LoggerMessage(
        EventId = 1200, Level = LogLevel.Warning,
        Message = "{Holder} did not acknowledge the revocation of {Count} leases; waited for them to expire: {Reason}")]
    private partial void LogWaited(int count, string holder, string reason);
}

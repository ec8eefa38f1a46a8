using Microsoft.Extensions.Logging;
using OrleansCache.Entries;
using OrleansCache.Leases;

namespace OrleansCache.Owners;

/// <summary>
/// Revokes leases of silos. A silo that does not acknowledge is called again, until its leases have ended.
/// </summary>
internal sealed partial class Revoker(IGrainFactory grains, Clock clock, ILogger<Revoker> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

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
            using var patience = new CancellationTokenSource(Least(TimeSpan.FromMilliseconds(left), Patience), clock.TimeProvider);
            try
            {
                return await silo.RevokeAsync(books, patience.Token).WaitAsync(patience.Token);
            }
            catch (Exception error)
            {
                failure ??= error.Message;
            }

            await Task.Delay(Least(TimeSpan.FromMilliseconds(Math.Max(1, until - clock.Now)), Pause), clock.TimeProvider);
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

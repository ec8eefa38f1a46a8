using Microsoft.Extensions.Logging;
using OrleansCache.Entries;
using OrleansCache.Leases;

namespace OrleansCache.Owners;

/// <summary>
/// Takes leases back from silos. A silo that does not answer is asked again; what ends the waiting for it at the latest is the end of its
/// leases.
/// </summary>
internal sealed partial class Revoker(IGrainFactory grains, Clock clock, ILogger<Revoker> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Takes the leases of one holder back.</summary>
    /// <param name="holder">The silo's address.</param>
    /// <param name="books">The books.</param>
    /// <param name="until">The moment from which its leases are not valid anyway.</param>
    /// <returns>What the holder said of each, or null when its leases have ended without a word from it.</returns>
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "The leases on {Count} books of {Holder} were not given back; their end was waited for: {Reason}")]
    private partial void LogWaited(int count, string holder, string reason);
}

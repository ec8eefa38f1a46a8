using OrleansCache.Configuration;
using OrleansCache.Entries;

namespace OrleansCache.Leases;

/// <summary>
/// Converts the length of a lease into moments. Each side uses its own monotonic clock and rounds against itself: the holder counts the
/// lease shorter by the drift of clocks and by a tick of the coarse clock, the granter waits a tick longer.
/// </summary>
internal sealed class LeaseTimes(LeaseOptions options)
{
    /// <summary>By how much <see cref="Clock.Now"/> may lag, in milliseconds.</summary>
    public const long Tick = LeaseEnd.Tick;

    /// <summary>The length of a lease, in milliseconds.</summary>
    public long Length { get; } = (long)options.Length.TotalMilliseconds;

    /// <summary>
    /// How often the change feed is read, and volume leases are renewed: a tenth of a lease, so that several may fail before it ends, but
    /// at most once per second. What others write is seen as much later.
    /// </summary>
    public TimeSpan Period { get; } = TimeSpan.FromMilliseconds(Math.Clamp(options.Length.TotalMilliseconds / 10, 100, 1_000));

    /// <summary>For how long after an edit no client is granted a lease on the book, in milliseconds.</summary>
    public long NearCacheCooldownAfterWrite { get; } = (long)options.NearCacheCooldownAfterWrite.TotalMilliseconds;

    /// <summary>The moment until which a holder may use a lease that it requested at <paramref name="asked"/>.</summary>
    public long HeldUntil(long asked, long lease) => LeaseEnd.HeldUntil(asked, lease, options.Drift);

    /// <summary>The part of a lease that a client is sent: it does not know the drift for which this silo's settings allow.</summary>
    /// <param name="lease">How long the lease is from now on, in milliseconds.</param>
    /// <returns>In milliseconds; never negative.</returns>
    public long ForClient(long lease) => Math.Max(0, lease - (long)Math.Ceiling(lease * options.Drift));

    /// <summary>The moment from which no holder uses a lease that counts from <paramref name="from"/>.</summary>
    public long EndedAt(long from) => from + Length + Tick;
}

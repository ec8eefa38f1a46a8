using OrleansCache.Configuration;
using OrleansCache.Entries;

namespace OrleansCache.Leases;

/// <summary>
/// Turns the length of leases into moments, each side on its own clock and to its own disadvantage: whoever uses a lease counts it shorter by
/// what clocks may drift and by a tick of the coarse clock; whoever waits for its end counts it longer by a tick.
/// </summary>
public sealed class LeaseTimes(LeaseOptions settings)
{
    /// <summary>What <see cref="Clock.Now"/> may lag behind, in milliseconds.</summary>
    public const long Tick = LeaseEnd.Tick;

    /// <summary>The length of a lease, in milliseconds.</summary>
    public long Length { get; } = (long)settings.Length.TotalMilliseconds;

    /// <summary>How long after an edit no client is given a lease on the book, in milliseconds.</summary>
    public long NearCacheCooldownAfterWrite { get; } = (long)settings.NearCacheCooldownAfterWrite.TotalMilliseconds;

    /// <summary>The moment until which a holder may use a lease that it asked for at <paramref name="asked"/>.</summary>
    public long HeldUntil(long asked, long lease) => LeaseEnd.HeldUntil(asked, lease, settings.Drift);

    /// <summary>The moment from which a lease that counts from <paramref name="from"/> is not used by anybody.</summary>
    public long EndedAt(long from) => from + Length + Tick;
}

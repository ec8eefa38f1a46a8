namespace OrleansCache.Entries;

/// <summary>
/// When a lease ends for whoever holds it, on its own clock and to its own disadvantage: shorter by what clocks may drift apart while it lasts, and
/// by a tick of the coarse clock.
/// </summary>
public static class LeaseEnd
{
    /// <summary>What <see cref="Clock.Now"/> may lag behind, in milliseconds.</summary>
    public const long Tick = 16;

    /// <summary>The moment until which a holder may use a lease.</summary>
    /// <param name="asked">The moment before it asked for it.</param>
    /// <param name="lease">How long it is, in milliseconds.</param>
    /// <param name="drift">By what part of it clocks may drift apart.</param>
    public static long HeldUntil(long asked, long lease, double drift) => asked + Math.Max(0, lease - (long)Math.Ceiling(lease * drift) - Tick);
}

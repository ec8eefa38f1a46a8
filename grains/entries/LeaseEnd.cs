namespace OrleansCache.Entries;

/// <summary>
/// When a lease ends for its holder, on the holder's own clock and rounded against it: shorter by the drift between clocks and by a tick of
/// the coarse clock.
/// </summary>
internal static class LeaseEnd
{
    /// <summary>By how much <see cref="Clock.Now"/> may lag, in milliseconds.</summary>
    public const long Tick = 16;

    /// <summary>The moment until which a holder may use a lease.</summary>
    /// <param name="asked">The moment before it was requested.</param>
    /// <param name="lease">Its length, in milliseconds.</param>
    /// <param name="drift">The part of the length by which clocks may drift apart.</param>
    public static long HeldUntil(long asked, long lease, double drift) =>
        asked + Math.Max(0, lease - (long)Math.Ceiling(lease * drift) - Tick);
}

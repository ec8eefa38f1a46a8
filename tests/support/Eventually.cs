using System.Diagnostics;

namespace OrleansCache.TestSupport;

/// <summary>Waits for conditions. The bound is so generous that a busy machine does not reach it: only a test that fails does.</summary>
public static class Eventually
{
    public static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    /// <summary>Waits until a condition holds.</summary>
    /// <exception cref="TimeoutException">It did not hold within <see cref="Bound"/>.</exception>
    public static Task IsTrueAsync(Func<bool> condition, string what) => IsTrueAsync(() => Task.FromResult(condition()), what);

    /// <inheritdoc cref="IsTrueAsync(Func{bool}, string)"/>
    public static async Task IsTrueAsync(Func<Task<bool>> condition, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > Bound)
                throw new TimeoutException($"Not within {Bound.TotalSeconds:0} s: {what}");
            await Task.Delay(5);
        }
    }
}

using System.Diagnostics;

namespace OrleansCache.Engine.Tests.Support;

/// <summary>Waits for conditions.</summary>
public static class Until
{
    /// <summary>How long anything may take before a test gives up: far longer than it takes even on a busy machine.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits until the condition holds; fails with the description when it does not within the bound.</summary>
    public static Task TrueAsync(Func<bool> condition, Func<string> description) => TrueAsync(() => Task.FromResult(condition()), description);

    /// <inheritdoc cref="TrueAsync(Func{bool}, Func{string})"/>
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> description)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(start) > Bound)
                throw new TimeoutException($"Not within {Bound}: {description()}.");
            await Task.Delay(Interval);
        }
    }
}

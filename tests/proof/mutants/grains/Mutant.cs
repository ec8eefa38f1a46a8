namespace OrleansCache;

/// <summary>
/// Which safety rule is switched off. A test names it with <see cref="AppContext.SetSwitch"/>; it is not compiled against this assembly.
/// </summary>
internal static class Mutant
{
    public static bool IsOn(string rule) => AppContext.TryGetSwitch($"OrleansCache.Mutant.{rule}", out var isOn) && isOn;

    /// <summary>The task, or one that has completed where nobody is to wait for it.</summary>
    public static Task Unless(bool isOn, Task task) => isOn ? Task.CompletedTask : task;
}

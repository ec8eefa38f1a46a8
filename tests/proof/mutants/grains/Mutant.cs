namespace OrleansCache;

/// <summary>
/// Which safety rule is switched off. Tests select it by name with <see cref="AppContext.SetSwitch"/>, without a reference to this
/// assembly.
/// </summary>
internal static class Mutant
{
    public static bool IsOn(string rule) => AppContext.TryGetSwitch($"OrleansCache.Mutant.{rule}", out var isOn) && isOn;

    /// <summary>The task, or a completed one if the mutant must not wait.</summary>
    public static Task Unless(bool isOn, Task task) => isOn ? Task.CompletedTask : task;
}

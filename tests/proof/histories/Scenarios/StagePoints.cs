using OrleansCache.Lookups;
using OrleansCache.Owners;

namespace OrleansCache.Proof.Scenarios;

/// <summary>The points of edits and loads at which a scenario intervenes.</summary>
internal sealed class StagePoints : IEditPoints, ILoadPoints
{
    private EditPoint? _failing;
    private Gate? _checked;

    /// <summary>Fails edits at this point from now on.</summary>
    public void FailAt(EditPoint point) => _failing = point;

    /// <summary>Holds loads after their row was validated.</summary>
    public Gate HoldChecked() => _checked = new("a load with a validated row");

    public void OpenAll() => _checked?.Open();

    public Task ReachedAsync(EditPoint point, IReadOnlyList<string> books) =>
        point == _failing
            ? throw new InvalidOperationException($"The scenario ends the edit at the point {point}.")
            : Task.CompletedTask;

    public Task CheckedAsync(string book) => _checked?.PassAsync(() => Task.CompletedTask) ?? Task.CompletedTask;
}

namespace OrleansCache.Owners;

/// <summary>Outside of tests nothing happens at an edit's points.</summary>
internal sealed class NoEditPoints : IEditPoints
{
    public Task ReachedAsync(EditPoint point, IReadOnlyList<string> books) => Task.CompletedTask;
}

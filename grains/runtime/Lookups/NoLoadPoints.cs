namespace OrleansCache.Lookups;

/// <summary>Outside of tests nothing happens while a book is loaded.</summary>
internal sealed class NoLoadPoints : ILoadPoints
{
    public Task CheckedAsync(string key) => Task.CompletedTask;
}

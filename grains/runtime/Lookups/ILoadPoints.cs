namespace OrleansCache.Lookups;

/// <summary>The point within a load at which a test can let something else happen, such as an edit of the key.</summary>
internal interface ILoadPoints
{
    /// <summary>
    /// Called after the loaded row has been validated against concurrent revocations; the load continues when it completes.
    /// </summary>
    Task CheckedAsync(string key);
}

/// <summary>What runs outside of tests: nothing happens at the point.</summary>
internal sealed class NoLoadPoints : ILoadPoints
{
    public Task CheckedAsync(string key) => Task.CompletedTask;
}

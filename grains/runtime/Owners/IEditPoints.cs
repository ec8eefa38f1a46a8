namespace OrleansCache.Owners;

/// <summary>The moments of an edit at which a test may want something to happen, such as the end of the silo.</summary>
internal interface IEditPoints
{
    /// <summary>Called at each point; the edit goes on when it has ended.</summary>
    Task ReachedAsync(EditPoint point, IReadOnlyList<string> books);
}

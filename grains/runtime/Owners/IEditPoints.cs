namespace OrleansCache.Owners;

/// <summary>The points of an edit, in their order.</summary>
internal enum EditPoint
{
    /// <summary>Former edits of the same keys have ended; nothing was done yet.</summary>
    Entered,

    /// <summary>The rows were read and the edit applies to them; no lease was revoked yet.</summary>
    Read,

    /// <summary>No lease on an old row is left.</summary>
    Revoked,

    /// <summary>The new rows are committed; no holder has been notified.</summary>
    Committed,

    /// <summary>The leases on the new rows are granted; the author has no answer yet.</summary>
    Granted,
}

/// <summary>Lets a test act at the points of an edit, for example end the silo.</summary>
internal interface IEditPoints
{
    /// <summary>Called at each point; the edit goes on when the task has completed.</summary>
    Task ReachedAsync(EditPoint point, IReadOnlyList<string> books);
}

/// <summary>Outside of tests nothing happens at the points of an edit.</summary>
internal sealed class NoEditPoints : IEditPoints
{
    public Task ReachedAsync(EditPoint point, IReadOnlyList<string> books) => Task.CompletedTask;
}

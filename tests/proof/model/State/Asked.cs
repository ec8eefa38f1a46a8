namespace OrleansCache.Model.State;

/// <summary>The progress of one request of an owner to a silo: to revoke the book, or to end its volume lease.</summary>
internal enum Asked : byte
{
    No,
    Sent,

    /// <summary>The silo has done it, but its client may still answer from its entry.</summary>
    AwaitsClient,
    Acknowledged,
}

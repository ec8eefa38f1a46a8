using OrleansCache.Catalogs;

namespace OrleansCache.Owners;

/// <summary>An owner as a reader of the change feed.</summary>
internal interface IFeedReader
{
    /// <summary>Its slot.</summary>
    int Slot { get; }

    /// <summary>Takes what a read of the feed has found; reads come in their order.</summary>
    /// <param name="startedAt">When the read began, in milliseconds of the clock.</param>
    /// <param name="changes">The rows of the slot that have changed since the last read; null when any may have.</param>
    /// <param name="epoch">The slot's epoch in the catalog.</param>
    Task WorkOffAsync(long startedAt, IReadOnlyList<ChangedRow>? changes, long epoch);
}

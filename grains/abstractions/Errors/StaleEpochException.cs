namespace OrleansCache;

/// <summary>
/// A write came from an owner that another one has replaced: the catalog knows a newer epoch of the slot. Nothing was written, and nothing
/// can be written under the old epoch any more. The edit may be sent to the present owner.
/// </summary>
[GenerateSerializer, Alias("OrleansCache.StaleEpochException")]
public sealed class StaleEpochException : CacheException
{
    /// <inheritdoc cref="CacheException(string)"/>
    public StaleEpochException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="own">The epoch of the write.</param>
    /// <param name="current">The epoch in the catalog; 0 if nobody has owned the slot yet.</param>
    public StaleEpochException(int slot, long own, long current)
        : base(
            $"A write of slot {slot} under epoch {own} was refused, because the catalog has epoch {current}: only the owner with the "
            + "newest epoch may write. Nothing was written; send the edit to the present owner.")
    {
    }
}

namespace OrleansCache;

/// <summary>A request to edit one book.</summary>
/// <param name="Id">
/// The edit's own id. Repeating an edit with the same id is safe: one that was made already is answered with its first result.
/// </param>
/// <param name="Key">The book's key.</param>
/// <param name="Payload">The new bytes (see <see cref="BookPayload"/>); null removes the book.</param>
/// <param name="ExpectedVersion">The version that the book must have; 0 when it must not exist; null for an unconditional edit.</param>
/// <param name="ExpectedTag">The tag of that version, where the author knows it.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.BookEdit")]
internal sealed record Edit(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string Key,
    [property: Id(2)] byte[]? Payload,
    [property: Id(3)] long? ExpectedVersion = null,
    [property: Id(4)] Guid? ExpectedTag = null)
{
    /// <summary>Whether the condition of the edit holds for the current row.</summary>
    public bool IsMetBy(CachedRow current)
    {
        ArgumentNullException.ThrowIfNull(current);
        return ExpectedVersion switch
        {
            null => true,
            0 => !current.Exists,
            var version =>
                current.Exists && current.Identity.Version == version && (ExpectedTag is null || ExpectedTag == current.Identity.Tag),
        };
    }
}

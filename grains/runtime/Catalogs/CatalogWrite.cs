namespace OrleansCache.Catalogs;

/// <summary>One edit of a book's row: it is made if the row still is the one that its author saw.</summary>
/// <param name="Id">The edit's own id, which becomes the row's tag; never empty. The catalog remembers it, so repeating an edit with the same id is safe.</param>
/// <param name="Key">The book's key. An id counts for the key that it came with.</param>
/// <param name="Payload">The new bytes (see <see cref="BookPayload"/>); null leaves a row that says that the book was removed.</param>
/// <param name="Expected">The identity that the row must have; <see cref="RowVersion.None"/> when nothing may ever have been written under the key.</param>
public sealed record CatalogWrite(Guid Id, string Key, byte[]? Payload, RowVersion Expected);

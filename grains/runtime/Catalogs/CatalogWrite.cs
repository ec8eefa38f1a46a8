namespace OrleansCache.Catalogs;

/// <summary>A conditional write of a row: it is made if the row has the expected identity.</summary>
/// <param name="Id">
/// The edit's own id, which becomes the row's tag; never empty. The catalog remembers it, so repeating an edit with the same id is safe.
/// </param>
/// <param name="Key">The book's key. An id is remembered together with its key.</param>
/// <param name="Payload">
/// The new bytes (see <see cref="BookPayload"/>); null removes the book and leaves a row that records its removal.
/// </param>
/// <param name="Expected">
/// The identity that the row must have; <see cref="RowVersion.None"/> when the key must never have been written.
/// </param>
public sealed record CatalogWrite(Guid Id, string Key, byte[]? Payload, RowVersion Expected);

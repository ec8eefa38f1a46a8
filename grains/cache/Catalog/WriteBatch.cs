using System.Text.Unicode;

namespace OrleansCache.Catalog;

/// <summary>What every database does alike with the keys and books it is given.</summary>
internal static class WriteBatch
{
    /// <summary>
    /// The books to write: valid, each key once, the last one of a key that stands twice. They are in one order for
    /// everyone, so that two writers that meet in the same rows wait for each other and never lock each other out.
    /// </summary>
    public static BookWrite[] Distinct(IReadOnlyList<BookWrite> books)
    {
        var distinct = new SortedDictionary<string, BookWrite>(StringComparer.Ordinal);
        foreach (var book in books)
        {
            BookKey.Validate(book.Key);
            Validate(book);
            distinct[book.Key] = book;
        }

        return [.. distinct.Values];
    }

    /// <summary>Refuses keys that cannot be keys.</summary>
    public static void Validate(IReadOnlyList<string> keys)
    {
        foreach (var key in keys)
            BookKey.Validate(key);
    }

    private static void Validate(BookWrite book)
    {
        if (book.Payload.Length > BookPayload.MaxBytes)
            throw new InvalidBookException($"The payload of \"{book.Key}\" has {book.Payload.Length:N0} bytes; at most {BookPayload.MaxBytes:N0} are kept.");

        // Databases keep it as text, so that people can read it there; not every one of them takes a NUL in it.
        if (!Utf8.IsValid(book.Payload) || book.Payload.AsSpan().Contains((byte)0))
            throw new InvalidBookException($"The payload of \"{book.Key}\" is not UTF-8 text without NUL characters; encode books with BookPayload.");
    }
}

using System.Runtime.CompilerServices;
using System.Text.Json;
using OrleansCache.Client;

namespace OrleansCache.Http;

/// <summary>A found book as it is answered.</summary>
/// <param name="Body">Its JSON document.</param>
/// <param name="ETag">Its entity tag.</param>
internal sealed record BookForm(byte[] Body, string ETag)
{
    public static BookForm Of(LookupResult result, Book book) => new(
        JsonSerializer.SerializeToUtf8Bytes(BookDocument.Of(result.Key, book), ApiJson.Written.BookDocument),
        EntityTag.Of(result.Version, result.Tag));
}

/// <summary>
/// Keeps the forms of the books of the near cache, so that each is made once. A form lives as long as its entry's book does, which the
/// near cache bounds.
/// </summary>
internal sealed class BookForms
{
    private readonly ConditionalWeakTable<Book, BookForm> _forms = [];

    /// <summary>The form of a found book.</summary>
    public BookForm Of(LookupResult result, Book book)
    {
        // Only the near cache gives the same instance again.
        if (result.Tier is not Tier.Near)
            return BookForm.Of(result, book);
        if (_forms.TryGetValue(book, out var form))
            return form;
        form = BookForm.Of(result, book);
        _forms.TryAdd(book, form);
        return form;
    }
}

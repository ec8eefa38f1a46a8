using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansCache;

/// <summary>
/// The bytes of a book in the catalog, in Redis and in memory: UTF-8 JSON, readable in the database and in Redis. Silos keep and send the
/// bytes without decoding them.
/// </summary>
public static partial class BookPayload
{
    /// <summary>The maximum length of a payload, in bytes: 64 KiB.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Encodes a book.</summary>
    /// <exception cref="InvalidPayloadException">The title is empty, or the payload would be over <see cref="MaxBytes"/>.</exception>
    public static byte[] Encode(Book book)
    {
        ArgumentNullException.ThrowIfNull(book);
        if (string.IsNullOrWhiteSpace(book.Title))
            throw new InvalidPayloadException("A book needs a title; this one has none.");
        var payload = JsonSerializer.SerializeToUtf8Bytes(book, Json.Default.Book);
        if (payload.Length > MaxBytes)
            throw new InvalidPayloadException(
                $"The book \"{Shorten(book.Title)}\" takes {payload.Length:N0} bytes; at most {MaxBytes:N0} are kept. " +
                "Shorten its description.");
        return payload;
    }

    /// <summary>Decodes a book.</summary>
    /// <exception cref="InvalidPayloadException">The bytes are not a book.</exception>
    public static Book Decode(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > MaxBytes)
        {
            throw new InvalidPayloadException(
                $"The payload is not a book: it has more than {MaxBytes:N0} bytes, and was not written by this cache. Shorten it there.");
        }

        try
        {
            return JsonSerializer.Deserialize(payload, Json.Default.Book) is { } book && !string.IsNullOrWhiteSpace(book.Title)
                ? book
                : throw new InvalidPayloadException("The payload is not a book: it has no title.");
        }
        catch (JsonException error)
        {
            throw new InvalidPayloadException($"The payload is not a book: {error.Message}");
        }
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 57), "...");

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        RespectNullableAnnotations = true)]
    [JsonSerializable(typeof(Book))]
    private sealed partial class Json : JsonSerializerContext;
}

using System.Text.Unicode;

namespace OrleansCache.Catalogs;

/// <summary>What every database requires of the edits it is given; their keys were validated where they entered the process.</summary>
internal static class WriteBatch
{
    /// <summary>Throws if an edit has no id or a payload that cannot be stored.</summary>
    public static void Validate(IReadOnlyList<CatalogWrite> writes)
    {
        ArgumentNullException.ThrowIfNull(writes);
        foreach (var write in writes)
        {
            if (write.Id == Guid.Empty)
                throw new InvalidPayloadException(
                    $"The edit of \"{write.Key}\" has an empty id; give each edit an id of its own, such as Guid.NewGuid().");
            if (write.Payload is { } payload)
                Validate(write.Key, payload);
        }
    }

    /// <summary>Throws if a payload cannot be stored.</summary>
    public static void Validate(string key, byte[] payload)
    {
        if (payload.Length > BookPayload.MaxBytes)
            throw new InvalidPayloadException(
                $"The payload of \"{key}\" has {payload.Length:N0} bytes; at most {BookPayload.MaxBytes:N0} are allowed.");

        // Databases store payloads as text, so that people can read them there; not every database accepts a NUL in a text.
        if (!Utf8.IsValid(payload) || payload.AsSpan().Contains((byte)0))
            throw new InvalidPayloadException(
                $"The payload of \"{key}\" is not UTF-8 text without NUL characters; encode books with BookPayload.");
    }
}

using System.Text.Unicode;

namespace OrleansCache.Catalogs;

/// <summary>What every database does alike with the keys and edits it is given.</summary>
internal static class WriteBatch
{
    /// <summary>Refuses edits that cannot be made.</summary>
    public static void Validate(IReadOnlyList<CatalogWrite> writes)
    {
        ArgumentNullException.ThrowIfNull(writes);
        foreach (var write in writes)
        {
            CacheKey.Validate(write.Key);
            if (write.Id == Guid.Empty)
                throw new InvalidPayloadException($"The edit of \"{write.Key}\" has an empty id; give each edit one of its own, such as Guid.NewGuid().");
            if (write.Payload is { } payload)
                Validate(write.Key, payload);
        }
    }

    /// <summary>Refuses keys that cannot be keys.</summary>
    public static void Validate(IReadOnlyList<string> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        foreach (var key in keys)
            CacheKey.Validate(key);
    }

    /// <summary>Refuses a payload that cannot be kept.</summary>
    public static void Validate(string key, byte[] payload)
    {
        if (payload.Length > BookPayload.MaxBytes)
            throw new InvalidPayloadException($"The payload of \"{key}\" has {payload.Length:N0} bytes; at most {BookPayload.MaxBytes:N0} are kept.");

        // Databases keep it as text, so that people can read it there; not every one of them takes a NUL in it.
        if (!Utf8.IsValid(payload) || payload.AsSpan().Contains((byte)0))
            throw new InvalidPayloadException($"The payload of \"{key}\" is not UTF-8 text without NUL characters; encode books with BookPayload.");
    }
}

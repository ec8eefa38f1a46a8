using System.Buffers.Binary;

namespace OrleansCache.Redis;

/// <summary>
/// The bytes that stand for a book in Redis: <c>OCB</c> and the number of this format, the version and the tag, all in
/// network order, then the payload; none when the book was removed. A write script in Redis reads the version from its
/// fixed place.
/// </summary>
internal static class Envelope
{
    /// <summary>The bytes before the payload.</summary>
    public const int HeaderBytes = 4 + 8 + 16;

    private static ReadOnlySpan<byte> Magic => [(byte)'O', (byte)'C', (byte)'B', 1];

    public static byte[] Pack(CachedRow row)
    {
        var bytes = new byte[HeaderBytes + (row.Payload?.Length ?? 0)];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(4), row.Identity.Version);
        row.Identity.Tag.TryWriteBytes(bytes.AsSpan(12), bigEndian: true, out _);
        row.Payload?.CopyTo(bytes, HeaderBytes);
        return bytes;
    }

    /// <summary>Opens what another has packed.</summary>
    /// <returns>Null when the bytes are something else.</returns>
    public static CachedRow? Unpack(string key, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes || bytes.Length > HeaderBytes + BookPayload.MaxBytes || !bytes.StartsWith(Magic))
            return null;
        var version = BinaryPrimitives.ReadInt64BigEndian(bytes[4..]);
        var payload = bytes.Length > HeaderBytes ? bytes[HeaderBytes..].ToArray() : null;
        return version < 1 ? null : new(key, new(version, new Guid(bytes.Slice(12, 16), bigEndian: true)), payload);
    }
}

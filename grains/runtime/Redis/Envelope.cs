using System.Buffers.Binary;

namespace OrleansCache.Redis;

/// <summary>
/// The bytes of an entry in Redis: <c>OCB</c> and the number of this format, the version and the tag, all in network byte order, then the
/// payload, which is missing for a removed book. The script that writes entries reads the version from its fixed place.
/// </summary>
internal static class Envelope
{
    /// <summary>The bytes before the payload: magic, version, tag.</summary>
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

    /// <summary>Reads an entry.</summary>
    /// <returns>Null when the bytes are not an entry of this format.</returns>
    public static CachedRow? Unpack(string key, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes || bytes.Length > HeaderBytes + BookPayload.MaxBytes || !bytes.StartsWith(Magic))
            return null;
        var version = BinaryPrimitives.ReadInt64BigEndian(bytes[4..]);
        var payload = bytes.Length > HeaderBytes ? bytes[HeaderBytes..].ToArray() : null;
        return version < 1 ? null : new(key, new(version, new Guid(bytes.Slice(12, 16), bigEndian: true)), payload);
    }
}

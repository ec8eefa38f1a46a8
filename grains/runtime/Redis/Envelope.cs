using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;

namespace OrleansCache.Redis;

/// <summary>
/// The bytes of an entry in Redis: <c>OCB</c> and the number of this format, the version and the tag, all in network byte order, a seal,
/// then the payload, which is missing for a removed book. The script that writes entries reads the version from its fixed place.
/// The seal covers the cluster, the region, the key and all other bytes: an entry that was copied under another key, damaged, or put there
/// by another cluster is no entry. With a secret it is HMAC-SHA-256 (RFC 2104), cut to 16 bytes, which nobody without the secret can make;
/// without one it is XXH128, which only finds accidents.
/// </summary>
internal sealed class Envelope
{
    private const int SealAt = 4 + 8 + 16;
    private const int SealBytes = 16;

    /// <summary>The bytes before the payload: magic, version, tag, seal.</summary>
    public const int HeaderBytes = SealAt + SealBytes;

    private readonly byte[] _scope;
    private readonly byte[]? _secret;

    public Envelope(EntryScope scope)
    {
        // The names have no character of the value zero.
        _scope = Encoding.UTF8.GetBytes($"{scope.ClusterId}\0{scope.Region}\0");
        _secret = scope.Secret.Length > 0 ? Encoding.UTF8.GetBytes(scope.Secret) : null;
    }

    private static ReadOnlySpan<byte> Magic => [(byte)'O', (byte)'C', (byte)'B', 2];

    /// <summary>The bytes of a row.</summary>
    public byte[] Pack(CachedRow row)
    {
        var bytes = new byte[HeaderBytes + (row.Payload?.Length ?? 0)];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(4), row.Identity.Version);
        row.Identity.Tag.TryWriteBytes(bytes.AsSpan(12), bigEndian: true, out _);
        row.Payload?.CopyTo(bytes, HeaderBytes);
        Seal(row.Key, bytes, bytes.AsSpan(SealAt, SealBytes));
        return bytes;
    }

    /// <summary>Reads an entry.</summary>
    /// <returns>Null when the bytes are not an entry of this format, or not one of this scope and key.</returns>
    public CachedRow? Unpack(string key, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes || bytes.Length > HeaderBytes + BookPayload.MaxBytes || !bytes.StartsWith(Magic))
            return null;
        Span<byte> seal = stackalloc byte[SealBytes];
        Seal(key, bytes, seal);
        if (!CryptographicOperations.FixedTimeEquals(seal, bytes.Slice(SealAt, SealBytes)))
            return null;
        var version = BinaryPrimitives.ReadInt64BigEndian(bytes[4..]);
        var payload = bytes.Length > HeaderBytes ? bytes[HeaderBytes..].ToArray() : null;
        return version < 1 ? null : new(key, new(version, new Guid(bytes.Slice(12, 16), bigEndian: true)), payload);
    }

    private void Seal(string key, ReadOnlySpan<byte> entry, Span<byte> seal)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(_scope.Length + Encoding.UTF8.GetMaxByteCount(key.Length) + 1 + entry.Length);
        try
        {
            _scope.CopyTo(buffer, 0);
            var length = _scope.Length;
            length += Encoding.UTF8.GetBytes(key, buffer.AsSpan(length));
            buffer[length++] = 0;
            entry[..SealAt].CopyTo(buffer.AsSpan(length));
            length += SealAt;
            entry[HeaderBytes..].CopyTo(buffer.AsSpan(length));
            length += entry.Length - HeaderBytes;
            if (_secret is null)
            {
                XxHash128.Hash(buffer.AsSpan(0, length), seal);
                return;
            }

            Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
            HMACSHA256.HashData(_secret, buffer.AsSpan(0, length), whole);
            whole[..SealBytes].CopyTo(seal);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

using System.IO.Hashing;
using System.Text;

namespace OrleansCache;

/// <summary>The one hash of the project: xxHash64 of the text's UTF-8 bytes, the same on every machine and in every run.</summary>
public static class KeyHash
{
    // What UTF-8 may take of the longest key, as the encoder counts: three bytes for each character and one more.
    private const int MaxOnStack = 3 * (CacheKey.MaxBytes + 1);

    /// <summary>Hashes a text; allocates nothing for texts as long as keys may be.</summary>
    public static ulong Of(ReadOnlySpan<char> text)
    {
        var size = Encoding.UTF8.GetMaxByteCount(text.Length);
        Span<byte> bytes = size <= MaxOnStack ? stackalloc byte[MaxOnStack] : new byte[size];
        return XxHash64.HashToUInt64(bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
    }
}

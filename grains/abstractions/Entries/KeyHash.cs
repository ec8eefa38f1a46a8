using System.IO.Hashing;
using System.Text;

namespace OrleansCache;

/// <summary>The hash of keys: XxHash64 of the text's UTF-8 bytes, the same on every machine and in every version.</summary>
internal static class KeyHash
{
    // The encoder's upper bound for the longest key: three bytes for each character and one more.
    private const int MaxOnStack = 3 * (CacheKey.MaxBytes + 1);

    /// <summary>The slot of a key with this hash.</summary>
    /// <param name="hash">The hash.</param>
    /// <param name="slots">The number of slots of the cluster.</param>
    public static int SlotOf(ulong hash, int slots) => (int)(hash % (ulong)slots);

    /// <summary>Hashes a text; allocates nothing for texts as long as keys may be.</summary>
    public static ulong Of(ReadOnlySpan<char> text)
    {
        var size = Encoding.UTF8.GetMaxByteCount(text.Length);
        Span<byte> bytes = size <= MaxOnStack ? stackalloc byte[MaxOnStack] : new byte[size];
        return XxHash64.HashToUInt64(bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
    }
}

using System.Buffers.Binary;

namespace OrleansCache.Engine;

/// <summary>A hash of bytes that is the same in every process, which the directory's partitions depend on.</summary>
internal static class StableHash
{
    private const ulong Prime = 0x9E3779B97F4A7C15;

    public static int Compute(ReadOnlySpan<byte> bytes)
    {
        var hash = Prime ^ (ulong)bytes.Length;
        while (bytes.Length >= 8)
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        foreach (var b in bytes) hash = (hash ^ b) * 0x100000001B3;
        return (int)Mix(hash);
    }

    /// <summary>Spreads the bits of a number over all of its positions.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}

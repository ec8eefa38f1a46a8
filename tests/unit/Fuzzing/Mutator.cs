namespace OrleansCache.Tests.Fuzzing;

/// <summary>Makes bad input of good input: bytes are changed, removed, repeated, moved and spliced. The same seed makes the same.</summary>
internal sealed class Mutator(int seed)
{
    // What parsers take for something: separators, quotes, escapes, ends, halves of characters.
    private static readonly byte[][] Interesting =
    [
        [0], [9], [10], [13], [26], [27], [34], [39], [44], [58], [59], [92], [123], [125], [127], [0x9B], [0xC0],
        [0xE2, 0x80, 0xAE], [0xED, 0xA0, 0x80], [0xEF, 0xBB, 0xBF], [0xF0, 0x9F, 0x98, 0x80], [0xFF], [0xFF, 0xFE],
        "--"u8.ToArray(), "::"u8.ToArray(), "\r\n"u8.ToArray(),
        "\"\""u8.ToArray(), "-1"u8.ToArray(), "1e999"u8.ToArray(), "99999999999999999999"u8.ToArray(), "${file:/x}"u8.ToArray(),
    ];

    private const int MaxLength = 4_096;
    private const int MaxChanges = 8;

    private readonly Random _random = new(seed);

    /// <summary>A bad input.</summary>
    /// <param name="good">Good ones.</param>
    public byte[] Next(IReadOnlyList<byte[]> good)
    {
        var bytes = new List<byte>(good[_random.Next(good.Count)]);
        for (var i = _random.Next(1, MaxChanges); i > 0; i--)
            Change(bytes, good);
        if (bytes.Count > MaxLength)
            bytes.RemoveRange(MaxLength, bytes.Count - MaxLength);
        return [.. bytes];
    }

    private void Change(List<byte> bytes, IReadOnlyList<byte[]> good)
    {
        var at = _random.Next(bytes.Count + 1);
        var length = Math.Min(_random.Next(1, 16), bytes.Count - at);
        switch (_random.Next(6))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1:
                bytes.RemoveRange(at, length);
                break;
            case 2:
                bytes.InsertRange(at, Interesting[_random.Next(Interesting.Length)]);
                break;
            case 3:
                bytes.InsertRange(_random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                break;
            case 4:
                var other = good[_random.Next(good.Count)];
                var from = _random.Next(other.Length + 1);
                bytes.InsertRange(at, other[from..Math.Min(other.Length, from + 64)]);
                break;
            default:
                bytes.Insert(at, (byte)_random.Next(256));
                break;
        }
    }
}

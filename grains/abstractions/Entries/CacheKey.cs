using System.Text;

namespace OrleansCache;

/// <summary>
/// A valid key, such as <c>book::1984</c>, with its hash. It is made once per process, where the key enters it, and passed on from there:
/// code that has one need not validate it, and the slot, the position on a hash ring and the counter of revocations follow from <see
/// cref="Hash"/>. Between processes only <see cref="Text"/> is sent.
/// </summary>
public readonly struct CacheKey : IEquatable<CacheKey>
{
    /// <summary>The most bytes a key may have in UTF-8.</summary>
    public const int MaxBytes = 256;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private CacheKey(string text) => (Text, Hash) = (text, KeyHash.Of(text));

    /// <summary>The key as applications write it.</summary>
    public string Text { get; }

    /// <summary>The <see cref="KeyHash"/> of the text.</summary>
    public ulong Hash { get; }

    /// <summary>Validates and hashes a key.</summary>
    /// <exception cref="InvalidKeyException">The key is empty, too long, has a control character or is not valid Unicode.</exception>
    public static CacheKey Parse(string? key) => new(Validate(key));

    /// <summary>Throws if a key is invalid.</summary>
    /// <returns>The key itself.</returns>
    /// <exception cref="InvalidKeyException">The key is empty, too long, has a control character or is not valid Unicode.</exception>
    public static string Validate(string? key)
    {
        if (string.IsNullOrEmpty(key))
            throw new InvalidKeyException("The key is empty; give one such as book::1984.");
        foreach (var character in key)
        {
            if (char.IsControl(character))
                throw new InvalidKeyException(
                    $"The key \"{Printable(key)}\" has the control character U+{(int)character:X4}; keys have none.");
        }

        int bytes;
        try
        {
            bytes = Strict.GetByteCount(key);
        }
        catch (EncoderFallbackException)
        {
            throw new InvalidKeyException($"The key \"{Printable(key)}\" is not valid Unicode: it has half of a surrogate pair.");
        }

        if (bytes > MaxBytes)
            throw new InvalidKeyException($"The key \"{Printable(key)}\" has {bytes} bytes in UTF-8; at most {MaxBytes} are allowed.");
        return key;
    }

    /// <summary>The slot that the key belongs to: one of <paramref name="slots"/> slices of the key space, each with one owner.</summary>
    public int SlotOf(int slots)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(slots);
        return KeyHash.SlotOf(Hash, slots);
    }

    /// <inheritdoc/>
    public bool Equals(CacheKey other) => Hash == other.Hash && Text == other.Text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CacheKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Hash.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>Whether both are the same key.</summary>
    public static bool operator ==(CacheKey left, CacheKey right) => left.Equals(right);

    /// <summary>Whether both are different keys.</summary>
    public static bool operator !=(CacheKey left, CacheKey right) => !left.Equals(right);

    private static string Printable(string key)
    {
        var text = new StringBuilder();
        foreach (var character in key.AsSpan(0, Math.Min(key.Length, 60)))
            text.Append(char.IsControl(character) || char.IsSurrogate(character) ? '?' : character);
        return key.Length > 60 ? text.Append("...").ToString() : text.ToString();
    }
}

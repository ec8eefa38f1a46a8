using System.Text;

namespace OrleansCache;

/// <summary>The rules for keys of books, such as <c>book::1984</c>.</summary>
public static class BookKey
{
    /// <summary>The most bytes a key may have in UTF-8.</summary>
    public const int MaxBytes = 256;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Refuses a key that cannot be one.</summary>
    /// <returns>The key itself.</returns>
    /// <exception cref="InvalidBookKeyException">The key is empty, too long, has a control character or is not valid Unicode.</exception>
    public static string Validate(string? key)
    {
        if (string.IsNullOrEmpty(key))
            throw new InvalidBookKeyException("The key of a book is empty; give one such as book::1984.");
        foreach (var character in key)
        {
            if (char.IsControl(character))
                throw new InvalidBookKeyException($"The key \"{Printable(key)}\" has the control character U+{(int)character:X4}; keys have none.");
        }

        int bytes;
        try
        {
            bytes = Strict.GetByteCount(key);
        }
        catch (EncoderFallbackException)
        {
            throw new InvalidBookKeyException($"The key \"{Printable(key)}\" is not valid Unicode: it has half of a surrogate pair.");
        }

        if (bytes > MaxBytes)
            throw new InvalidBookKeyException($"The key \"{Printable(key)}\" has {bytes} bytes in UTF-8; at most {MaxBytes} are allowed.");
        return key;
    }

    /// <summary>The slot that a key belongs to: one of <paramref name="slots"/> slices of the key space, each with one owner.</summary>
    public static int SlotOf(string key, int slots)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(slots);
        return (int)(KeyHash.Of(key) % (ulong)slots);
    }

    private static string Printable(string key)
    {
        var text = new StringBuilder();
        foreach (var character in key.AsSpan(0, Math.Min(key.Length, 60)))
            text.Append(char.IsControl(character) || char.IsSurrogate(character) ? '?' : character);
        return key.Length > 60 ? text.Append("...").ToString() : text.ToString();
    }
}

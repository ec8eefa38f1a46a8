using System.Globalization;

namespace OrleansCache;

/// <summary>
/// The International Standard Book Number (ISO 2108). The two numbers of a book, with ten and with thirteen digits, differ in the prefix
/// 978 and in the check digit only, so that one follows from the other.
/// </summary>
public static class Isbn
{
    /// <summary>The digits of a full number.</summary>
    public const int Digits = 13;

    private const int ShortDigits = 10;

    // The group, publisher and title of a number begin with zeros in English-speaking countries; more than three of them are no book's.
    private const int MostLostZeros = 3;

    /// <summary>
    /// The ISBN-13 of a text that is an ISBN with the right check digit: with ten or thirteen digits, with or without hyphens or blanks,
    /// its x in upper or lower case. Null for any other text.
    /// </summary>
    public static string? Normalize(ReadOnlySpan<char> text)
    {
        Span<char> digits = stackalloc char[Digits];
        return Read(text, digits) switch
        {
            Digits => IsFull(digits) ? new(digits) : null,
            ShortDigits => IsShort(digits[..ShortDigits]) ? Lengthen(digits) : null,
            _ => null,
        };
    }

    /// <summary>
    /// A ten-digit ISBN from a number that has lost its leading zeros, as spreadsheets drop them; null if a text is no such number.
    /// </summary>
    /// <param name="number">The number, without hyphens.</param>
    /// <param name="most">The most zeros that may be lost, from 1 to 3. The fewer digits are left, the less is proven.</param>
    public static string? Mend(ReadOnlySpan<char> number, int most = MostLostZeros)
    {
        if (number.Length is < ShortDigits - MostLostZeros or >= ShortDigits || number.Length < ShortDigits - most)
            return null;
        Span<char> digits = stackalloc char[Digits];
        var zeros = ShortDigits - number.Length;
        digits[..zeros].Fill('0');
        return Read(number, digits[zeros..]) == number.Length && IsShort(digits[..ShortDigits])
            ? new(digits[..ShortDigits])
            : null;
    }

    /// <summary>Copies the digits; returns their number, or -1 for a text that has anything else.</summary>
    private static int Read(ReadOnlySpan<char> text, Span<char> digits)
    {
        var count = 0;
        var mayBreak = false;
        foreach (var character in text)
        {
            if (character is ' ' or '-' || char.GetUnicodeCategory(character) is UnicodeCategory.DashPunctuation)
            {
                if (!mayBreak)
                    return -1;
                mayBreak = false;
                continue;
            }

            if (count == digits.Length || !(char.IsAsciiDigit(character) || character is 'x' or 'X'))
                return -1;
            digits[count++] = char.ToUpperInvariant(character);
            mayBreak = true;
        }

        return mayBreak ? count : -1;
    }

    private static bool IsFull(ReadOnlySpan<char> digits) =>
        digits.IndexOf('X') < 0 && digits is ['9', '7', '8' or '9', ..] && CheckOf(digits) == digits[^1];

    private static bool IsShort(ReadOnlySpan<char> digits)
    {
        if (digits[..^1].Contains('X') || digits.IndexOfAnyExcept('0') < 0)
            return false;
        var sum = 0;
        for (var i = 0; i < ShortDigits; i++)
            sum += (ShortDigits - i) * (digits[i] == 'X' ? 10 : digits[i] - '0');
        return sum % 11 == 0;
    }

    private static string Lengthen(Span<char> digits)
    {
        digits[..(ShortDigits - 1)].CopyTo(digits[3..]);
        "978".CopyTo(digits);
        digits[^1] = CheckOf(digits);
        return new(digits);
    }

    private static char CheckOf(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 0; i < Digits - 1; i++)
            sum += (i % 2 == 0 ? 1 : 3) * (digits[i] - '0');
        return (char)('0' + ((10 - (sum % 10)) % 10));
    }
}

using System.Buffers;
using System.Globalization;
using System.Text;
using ADRaffy.ENSNormalize;

namespace OrleansCache;

/// <summary>
/// The one spelling under which a book is kept, of all that people type, paste and import. Where a key enters the client library it is
/// brought into it; grains and catalogs take keys as they are (<see cref="CacheKey"/>).
/// <list type="bullet">
/// <item>Blanks around the key and around its name are dropped, and the prefix is written <c>book::</c>.</item>
/// <item>The text is in Unicode's normalization form C. An invisible character is an error, since nobody would find the book
/// again.</item>
/// <item>A name that is an ISBN with the right check digit becomes the ISBN-13: with hyphens or without, with ten digits or
/// thirteen.</item>
/// </list>
/// Everything else stays as it is, upper and lower case too.
/// </summary>
public static class BookKey
{
    /// <summary>What the keys of books begin with.</summary>
    public const string Prefix = "book::";

    private const int LeastIsbn = 10;

    // Of a short number whose first digit is a zero.
    private const int WithoutZero = 9;

    // Thirteen digits with a hyphen after each.
    private const int LongestIsbn = 25;

    // What ASCII shows.
    private static readonly SearchValues<char> Plain =
        SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code)]);

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");

    /// <summary>The spelling under which a book is kept.</summary>
    /// <param name="key">A key as somebody gives it.</param>
    /// <returns>The key itself if it has that spelling already.</returns>
    /// <exception cref="InvalidKeyException">It has no such spelling: it is empty, too long, has a character that nobody sees, or is not
    /// valid Unicode.</exception>
    public static string Of(string? key)
    {
        if (IsPlain(key))
            return key!;
        // As it was given it must be a key too: an older catalog may have the book under that.
        var text = CacheKey.Validate(key);
        if (Trim(text) is var trimmed && trimmed.Length < text.Length)
            text = CacheKey.Validate(trimmed.ToString());
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune)
                is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                throw new InvalidKeyException(
                    $"The key \"{PlainText.Of(text)}\" has the invisible character U+{rune.Value:X4}; keys have none. Type it again "
                    + "without it.");
            }
        }

        // .NET's own does nothing where the libraries of ICU are missing, and all programs of a cluster must agree. The first use of this
        // one takes some tenths of a second and 16 MB.
        if (!IsSurelyComposed(text))
            text = ENSNormalize.NF.NFC(text);
        if (text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            var name = Trim(text.AsSpan(Prefix.Length));
            if (name.IsEmpty)
                throw new InvalidKeyException($"The key \"{text}\" has no name after \"{Prefix}\"; give one such as {Prefix}1984.");
            text = IsbnOf(name) is { } isbn ? Prefix + isbn : string.Concat(Prefix, name);
        }

        // The form C of a text may be longer.
        return text == key ? key : CacheKey.Validate(text);
    }

    /// <summary>The spelling under which a book is kept, from its name, with or without the prefix.</summary>
    /// <exception cref="InvalidKeyException">See <see cref="Of"/>.</exception>
    public static string OfName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Of(Trim(name).StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? name : Prefix + name);
    }

    /// <summary>
    /// The key of the book that is meant by one whose name is an ISBN that has lost its leading zero, as in <c>book::439023483</c>. One
    /// number of eleven has the right check digit by chance, so that it is a guess: for lookups that find nothing under the key itself.
    /// </summary>
    /// <param name="key">A key in the kept spelling.</param>
    /// <returns>Null for every other key.</returns>
    public static string? WithLostZero(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Length == Prefix.Length + WithoutZero && key.StartsWith(Prefix, StringComparison.Ordinal)
            && Isbn.Mend(key.AsSpan(Prefix.Length), most: 1) is { } mended
            ? Prefix + Isbn.Normalize(mended)
            : null;
    }

    /// <summary>Whether a key is in the spelling under which a book is kept, and no guess, so that lookups look there only.</summary>
    /// <exception cref="InvalidKeyException">See <see cref="Of"/>.</exception>
    internal static bool IsKept(string? key) => Of(key) is var kept && kept == key && WithLostZero(kept) is null;

    /// <summary>Where a lookup of a key looks, in this order: under the kept spelling; under the given one, since an older catalog may have
    /// the book there; and <see cref="WithLostZero"/>.</summary>
    /// <exception cref="InvalidKeyException">See <see cref="Of"/>.</exception>
    public static IReadOnlyList<string> Spellings(string key)
    {
        var kept = Of(key);
        List<string> all = kept == key ? [kept] : [kept, key];
        if (WithLostZero(kept) is { } isbn)
            all.Add(isbn);
        return all;
    }

    /// <summary>Whether a key is in the form already, as far as can be told at a glance: nearly all are, and lookups are many.</summary>
    private static bool IsPlain(string? key)
    {
        if (key is null || key.Length <= Prefix.Length || key.Length > CacheKey.MaxBytes
            || !key.StartsWith(Prefix, StringComparison.Ordinal) || key.AsSpan().ContainsAnyExcept(Plain))
        {
            return false;
        }

        var name = key.AsSpan(Prefix.Length);
        if (name[0] == ' ' || name[^1] == ' ')
            return false;
        // Thirteen digits are in the form, be they an ISBN or not.
        return (name.Length == Isbn.Digits && !name.ContainsAnyExcept(Digits)) || IsbnOf(name) is null;
    }

    /// <summary>
    /// Whether a text is in the form C by the letters it has: Latin, Greek, Cyrillic, kana, Hangul syllables and Han, and no marks.
    /// </summary>
    private static bool IsSurelyComposed(string text)
    {
        foreach (var character in text)
        {
            if (character is not (< '\u0300' or (>= '\u0388' and <= '\u0482') or (>= '\u048A' and <= '\u052F')
                or (>= '\u2010' and <= '\u2027') or (>= '\u3041' and <= '\u3096') or (>= '\u30A1' and <= '\u30FE')
                or (>= '\u4E00' and <= '\u9FFF') or (>= '\uAC00' and <= '\uD7A3')))
                return false;
        }

        return true;
    }

    private static string? IsbnOf(ReadOnlySpan<char> name) =>
        name.Length is >= LeastIsbn and <= LongestIsbn && char.IsAsciiDigit(name[0])
            ? Isbn.Normalize(name)
            : null;

    // A control character at an end is an error, and no blank.
    private static ReadOnlySpan<char> Trim(ReadOnlySpan<char> text)
    {
        while (text is [var first, ..] && IsBlank(first))
            text = text[1..];
        while (text is [.., var last] && IsBlank(last))
            text = text[..^1];
        return text;
    }

    private static bool IsBlank(char character) => char.IsWhiteSpace(character) && !char.IsControl(character);
}

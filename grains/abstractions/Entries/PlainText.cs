using System.Buffers;
using System.Globalization;
using System.Text;

namespace OrleansCache;

/// <summary>
/// Text as it may be shown: without the characters that a terminal takes for commands, or that turn the direction of what follows. Texts of
/// books, of imported files and of other servers' errors may have them. The plain direction marks, which some titles need, stay.
/// </summary>
internal static class PlainText
{
    private const char Replacement = '\uFFFD';

    // C0 but for tab and line breaks, DEL, C1, separators; then the embeddings, overrides and isolates of Unicode's bidirectional
    // algorithm.
    private static readonly SearchValues<char> Commands = SearchValues.Create(
    [
        .. from code in Enumerable.Range(0, 0xA0)
           where code is < 0x20 and not ('\t' or '\n' or '\r') or >= 0x7F
           select (char)code,
        '\u2028', '\u2029',
        '\u202A', '\u202B', '\u202C', '\u202D', '\u202E',
        '\u2066', '\u2067', '\u2068', '\u2069',
    ]);

    /// <summary>Whether a text has none of them.</summary>
    public static bool IsPlain(ReadOnlySpan<char> text) => text.IndexOfAny(Commands) < 0;

    /// <summary>A JSON document with an escape in place of each of them, which is the same document.</summary>
    public static string OfJson(string json)
    {
        if (IsPlain(json))
            return json;
        var text = new StringBuilder(json.Length + 16);
        foreach (var character in json)
        {
            if (Commands.Contains(character))
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            else
                text.Append(character);
        }

        return text.ToString();
    }

    /// <summary>The text without control characters, tabs and line breaks excepted.</summary>
    public static string WithoutControls(string text) => text.Any(IsControl) ? string.Concat(text.Where(c => !IsControl(c))) : text;

    /// <summary>The text with U+FFFD in place of each of them.</summary>
    public static string Of(string text) => IsPlain(text)
        ? text
        : string.Create(text.Length, text, static (shown, text) => text.AsSpan().ReplaceAny(shown, Commands, Replacement));

    private static bool IsControl(char character) => char.IsControl(character) && character is not ('\t' or '\n' or '\r');
}

using System.Text;

namespace OrleansCache.Cli.Prompt;

/// <summary>Splits a line into words as a shell does: at blanks, except within single or double quotation marks.</summary>
internal static class Words
{
    /// <summary>
    /// The words of a line, without NUL characters, which a program's arguments cannot have either; null if a quotation is not closed.
    /// </summary>
    public static IReadOnlyList<string>? Split(string line)
    {
        var words = new List<string>();
        StringBuilder? word = null;
        char? quote = null;
        foreach (var letter in line)
        {
            if (letter == '\0')
                continue;
            if (quote == letter)
            {
                quote = null;
            }
            else if (quote is null && (letter == '"' || (letter == '\'' && word is null)))
            {
                // An apostrophe opens a quotation only at the beginning of a word.
                quote = letter;
                word ??= new();
            }
            else if (quote is null && char.IsWhiteSpace(letter))
            {
                if (word is not null)
                    words.Add(word.ToString());
                word = null;
            }
            else
            {
                (word ??= new()).Append(letter);
            }
        }

        if (word is not null)
            words.Add(word.ToString());
        return quote is null ? words : null;
    }
}

using System.Text;

namespace OrleansCache.Cli.Prompt;

/// <summary>Takes a line apart as a shell would: blanks separate words, single or double quotation marks keep them together.</summary>
internal static class Words
{
    /// <summary>The words of a line; null when a quotation does not end.</summary>
    public static IReadOnlyList<string>? Split(string line)
    {
        var words = new List<string>();
        StringBuilder? word = null;
        char? quote = null;
        foreach (var letter in line)
        {
            if (quote == letter)
            {
                quote = null;
            }
            else if (quote is null && (letter == '"' || (letter == '\'' && word is null)))
            {
                // An apostrophe inside a word is one; at its beginning it opens a quotation.
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

using System.Text.RegularExpressions;

namespace OrleansCache.Client.Import;

/// <summary>An ISBN as a file has it, with what spreadsheets and other programs have done to it.</summary>
/// <param name="Text">The ISBN; as the file has it, if it is none or was not damaged.</param>
/// <param name="State">What it is.</param>
internal readonly partial record struct IsbnText(string Text, IsbnState State)
{
    /// <summary>Looks at the text of a field, which is not empty.</summary>
    public static IsbnText Of(string text)
    {
        if (Rounded().IsMatch(text))
            return new(text, IsbnState.Rounded);
        // LibraryThing writes [0439023483]; a list is in the order in which its program prefers them; a number that was read as a float has
        // a fraction.
        var first = text.Split([',', ';', '|'], 2)[0].Trim().TrimStart('[').TrimEnd(']');
        if (first.EndsWith(".0", StringComparison.Ordinal))
            first = first[..^2];
        if (Isbn.Normalize(first) is not null)
            return new(first, IsbnState.Good);
        return Isbn.Mend(first) is { } mended ? new(mended, IsbnState.Mended) : new(text, IsbnState.Unproven);
    }

    [GeneratedRegex(@"^[0-9]+([.,][0-9]+)?[eE]\+?[0-9]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Rounded();
}

/// <summary>What became of an ISBN.</summary>
internal enum IsbnState
{
    /// <summary>It is an ISBN with the right check digit.</summary>
    Good,

    /// <summary>It had lost leading zeros, and has them again.</summary>
    Mended,

    /// <summary>Its check digit is wrong, or it is no ISBN at all; it is taken as it stands.</summary>
    Unproven,

    /// <summary>A spreadsheet has rounded it, so that its last digits are lost.</summary>
    Rounded,
}

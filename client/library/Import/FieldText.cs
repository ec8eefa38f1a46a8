namespace OrleansCache.Client.Import;

/// <summary>
/// The text of a field. Blanks around it and control characters are dropped, as files have them by accident only. A formula that is a text,
/// such as <c>="0439023483"</c>, is what programs write so that a spreadsheet leaves the text alone: the text is taken as it stands, and an
/// empty one is no value. Exports write so whatever would not come back otherwise.
/// </summary>
internal static class FieldText
{
    private const string Opening = "=\"";

    // A spreadsheet takes a field that begins so for a formula and runs it.
    private const string FormulaStarts = "=+-@\t\r";

    /// <summary>The text of a field; empty if there is none.</summary>
    public static string Read(string field) => Literal(field) ?? PlainText.WithoutControls(field).Trim();

    /// <summary>The text within a formula; null if the field is none.</summary>
    public static string? Literal(string field)
    {
        var text = field.AsSpan().Trim();
        if (text.Length < 3 || !text.StartsWith(Opening, StringComparison.Ordinal) || text[^1] != '"')
            return null;
        var inner = text[2..^1].ToString();
        var single = inner.Replace("\"\"", "", StringComparison.Ordinal);
        // A quote by itself would have ended the text.
        return single.Contains('"', StringComparison.Ordinal) ? null : inner.Replace("\"\"", "\"", StringComparison.Ordinal);
    }

    /// <summary>The field from which <see cref="Read"/> gets a text.</summary>
    public static string Write(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        return FormulaStarts.Contains(text[0], StringComparison.Ordinal) || Read(text) != text ? Wrap(text) : text;
    }

    /// <summary>A formula that is a text.</summary>
    public static string Wrap(string text) => $"{Opening}{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

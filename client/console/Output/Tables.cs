using Spectre.Console;

namespace OrleansCache.Cli.Output;

/// <summary>The look of all tables.</summary>
internal static class Tables
{
    /// <summary>
    /// A table with a box around it on a terminal, and columns set apart by blanks elsewhere. A column whose name ends in # is of
    /// figures; the text of one whose name ends in * goes on in the next line.
    /// </summary>
    public static ReportTable Create(IAnsiConsole console, params ReadOnlySpan<string> columns)
    {
        var named = new ReportTable.Column[columns.Length];
        for (var i = 0; i < columns.Length; i++)
            named[i] = new(columns[i].TrimEnd('#', '*'), columns[i].EndsWith('#'), columns[i].EndsWith('*'));
        return new(console.Profile.Capabilities.Ansi, named);
    }
}

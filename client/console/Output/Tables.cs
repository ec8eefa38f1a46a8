using Spectre.Console;

namespace OrleansCache.Cli.Output;

/// <summary>The look of all tables.</summary>
internal static class Tables
{
    /// <summary>A table with a box around it on a terminal, and columns set apart by blanks elsewhere. A column whose name ends in # is of figures.</summary>
    public static Table Create(IAnsiConsole console, params ReadOnlySpan<string> columns)
    {
        var table = new Table().Border(console.Profile.Capabilities.Ansi ? TableBorder.Rounded : TableBorder.None).BorderColor(Color.Grey);
        for (var i = 0; i < columns.Length; i++)
        {
            var column = columns[i];
            var header = new TableColumn(new Text(column.TrimEnd('#'), new Style(decoration: Decoration.Bold))).NoWrap();
            // Without lines between them, columns are told apart by more than the blank that stands between words.
            if (!console.Profile.Capabilities.Ansi)
                header.PadRight(i < columns.Length - 1 ? 2 : 0);
            table.AddColumn(column.EndsWith('#') ? header.RightAligned() : header);
        }

        return table;
    }

    public static Table Row(this Table table, params ReadOnlySpan<string?> cells)
    {
        var texts = new Text[cells.Length];
        for (var i = 0; i < cells.Length; i++)
            texts[i] = new Text(cells[i] ?? "");
        return table.AddRow(texts);
    }
}

using Spectre.Console;
using Spectre.Console.Rendering;

namespace OrleansCache.Cli.Output;

/// <summary>
/// A table. On a terminal that is too narrow for it, each cell becomes a line of its own, since words broken in narrow columns are
/// unreadable.
/// </summary>
internal sealed class ReportTable(bool boxed, IReadOnlyList<ReportTable.Column> columns) : Renderable
{
    private const int MinWrappedWidth = 30;

    private readonly List<string?[]> _rows = [];

    public ReportTable Row(params ReadOnlySpan<string?> cells)
    {
        _rows.Add(cells.ToArray());
        return this;
    }

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        IRenderable shape = Width() <= maxWidth ? Across() : Down();
        return shape.Render(options, maxWidth);
    }

    private int Width()
    {
        var between = boxed ? 3 : 2;
        return 1 + columns.Select((column, i) =>
        {
            var widest = _rows.Select(row => i < row.Length ? row[i] : null).Append(column.Name).Max(cell => cell?.GetCellWidth() ?? 0);
            return (column.Wraps ? Math.Min(widest, MinWrappedWidth) : widest) + between;
        }).Sum();
    }

    private Table Across()
    {
        var table = Empty();
        for (var i = 0; i < columns.Count; i++)
        {
            var column = new TableColumn(new Text(columns[i].Name, new Style(decoration: Decoration.Bold)));
            column.NoWrap = !columns[i].Wraps;
            column.Alignment = columns[i].IsFigure ? Justify.Right : Justify.Left;
            // Columns without borders need more space between them than words have.
            if (!boxed)
                column.PadRight(i < columns.Count - 1 ? 2 : 0);
            table.AddColumn(column);
        }

        foreach (var row in _rows)
            table.AddRow(columns.Select((_, i) => new Text(i < row.Length ? row[i] ?? "" : "")));
        return table;
    }

    private Table Down()
    {
        var table = Empty().HideHeaders().AddColumn(new TableColumn("").NoWrap()).AddColumn("");
        foreach (var row in _rows)
        {
            if (table.Rows.Count > 0)
                table.AddEmptyRow();
            foreach (var (column, cell) in columns.Zip(row))
            {
                if (!string.IsNullOrEmpty(cell))
                    table.AddRow(new Text(column.Name, new Style(decoration: Decoration.Bold)), new Text(cell));
            }
        }

        return table;
    }

    private Table Empty() => new Table().Border(boxed ? TableBorder.Rounded : TableBorder.None).BorderColor(Color.Grey);

    /// <summary>A column.</summary>
    internal readonly record struct Column(string Name, bool IsFigure, bool Wraps);
}

/// <summary>Makes tables in the common style.</summary>
internal static class Tables
{
    /// <summary>
    /// A table with borders on a terminal and without them elsewhere. A column whose name ends in # has figures, aligned to the right; a
    /// column whose name ends in * wraps its text.
    /// </summary>
    public static ReportTable Create(IAnsiConsole console, params ReadOnlySpan<string> columns)
    {
        var named = new ReportTable.Column[columns.Length];
        for (var i = 0; i < columns.Length; i++)
            named[i] = new(columns[i].TrimEnd('#', '*'), columns[i].EndsWith('#'), columns[i].EndsWith('*'));
        return new(console.Profile.Capabilities.Ansi, named);
    }
}

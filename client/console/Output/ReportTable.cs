using Spectre.Console;
using Spectre.Console.Rendering;

namespace OrleansCache.Cli.Output;

/// <summary>
/// A table, or, where the terminal is too narrow for it, its rows one below the other with a line for each cell: broken
/// words in narrow columns cannot be read.
/// </summary>
internal sealed class ReportTable(bool boxed, IReadOnlyList<ReportTable.Column> columns) : Renderable
{
    private const int LeastOfWrapped = 30;

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
            return (column.Wraps ? Math.Min(widest, LeastOfWrapped) : widest) + between;
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
            // Without lines between them, columns are told apart by more than the blank that stands between words.
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

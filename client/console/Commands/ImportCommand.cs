using System.CommandLine;
using OrleansCache.Cli.Output;
using OrleansCache.Cli.Output.Reports;
using OrleansCache.Client.Import;

namespace OrleansCache.Cli.Commands;

/// <summary><c>import FILE.csv [--key COLUMN] [--map FIELD=COLUMN]… [--separator C] [--strict | --lenient]</c></summary>
internal sealed class ImportCommand : ConsoleCommand
{
    private const int BatchSize = 2_500;

    private readonly Argument<FileInfo> _file = new(Names.File) { Description = "A CSV file with a header, such as data/books.csv." };

    private readonly Option<string?> _key = new("--key", "-k")
    {
        Description = "The column that makes the key, after \"book::\"; by default key, else the ISBN, else book_id.",
        HelpName = "COLUMN",
    };

    private readonly Option<string[]> _map = new("--map", "-m")
    {
        Description = $"The column of a field, one of {string.Join(", ", ColumnChoices.Fields)}; without a column, the field is left out. "
            + "May be given several times.",
        HelpName = "FIELD=COLUMN",
    };

    private readonly Option<string?> _separator = new("--separator")
    {
        Description = "What separates the fields: a character, or \"tab\". By default , ; | or a tab, as the file has it.",
        HelpName = "C",
    };

    private readonly Option<bool> _strict = new("--strict") { Description = "Write nothing if a row is bad." };

    private readonly Option<bool> _lenient = new("--lenient") { Description = "Exit code 0, and not 5, also if rows are bad." };

    public ImportCommand()
        : base(
            "import",
            "Stores the books of a CSV file in the catalog. Files of Goodreads, Calibre, LibraryThing, Open Library and spreadsheets are "
            + "taken as they come; docs/import.md says how.")
    {
        Add(_file);
        foreach (var option in new Option[] { _key, _map, _separator, _strict, _lenient })
            Add(option);
    }

    public override async Task<int> RunAsync(ParseResult parsed, CommandScope scope, CancellationToken cancellation)
    {
        var file = parsed.GetRequiredValue(_file);
        if (Directory.Exists(file.FullName))
            return scope.Fail(ConsoleExitCode.BadUsage, $"{file.FullName} is a directory; give a CSV file.");
        if (!file.Exists)
            return scope.Fail(ConsoleExitCode.BadUsage, $"There is no file {file.FullName}.");
        var (strict, lenient) = (parsed.GetValue(_strict), parsed.GetValue(_lenient));
        var columns = new Dictionary<BookField, string>();
        var objection = strict && lenient
            ? "--strict and --lenient exclude each other."
            : ColumnChoices.Read(parsed.GetValue(_key), parsed.GetValue(_map) ?? [], columns);
        if (!TryReadSeparator(parsed.GetValue(_separator), out var separator))
            objection ??= $"--separator is \"{parsed.GetValue(_separator)}\"; it must be one character of ASCII, or \"tab\".";
        if (objection is not null)
            return scope.Fail(ConsoleExitCode.BadUsage, objection, Usage.Hint(this));
        var options = new ImportOptions { Columns = columns, Separator = separator, Strict = strict, BatchSize = BatchSize };
        var session = await scope.SessionAsync(cancellation).ConfigureAwait(false);
        var importer = new BookImporter(session.Operations.StoreAsync);
        var started = TimeProvider.System.GetTimestamp();
        BookImport import;
        try
        {
            import = await scope.Output.WithProgressAsync(
                $"importing {file.Name}", progress => ImportAsync(importer, file, options, progress, cancellation)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return scope.Fail(
                ConsoleExitCode.Interrupted,
                "Stopped. The rows stored so far stay in the catalog; importing the file again adds the rest.");
        }

        var refused = strict && import.Bad > 0;
        scope.Output.Write(ImportReport.Of(file.Name, import, TimeProvider.System.GetElapsedTime(started), refused));
        return refused ? ConsoleExitCode.BadUsage
            : import.Bad > 0 && !lenient ? ConsoleExitCode.Incomplete
            : ConsoleExitCode.Done;
    }

    private static bool TryReadSeparator(string? text, out char? separator)
    {
        separator = text switch
        {
            null => null,
            "tab" or "\\t" => '\t',
            [var one] => one,
            _ => '"',
        };
        return separator is null or (< (char)0x80 and not ('"' or '\r' or '\n'));
    }

    private static Task<BookImport> ImportAsync(
        BookImporter importer, FileInfo file, ImportOptions options, IProgress<ProgressStep> progress, CancellationToken cancellation)
    {
        // Progress is the position in the file, since the number of rows is not known in advance.
        FileStream? reading = null;
        return importer.RunAsync(() => reading = file.OpenRead(), options, new RowProgress(rows =>
        {
            var fraction = reading is { CanSeek: true } open && open.Length > 0 ? (double)open.Position / open.Length : 1;
            progress.Report(new(fraction, Format.Of(rows, "row")));
        }), cancellation);
    }

    private sealed class RowProgress(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }
}

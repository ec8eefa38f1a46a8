using System.CommandLine;
using OrleansCache.Cli.Output;
using OrleansCache.Cli.Output.Reports;
using OrleansCache.Client.Import;

namespace OrleansCache.Cli.Commands;

/// <summary><c>import FILE.csv [--key COLUMN] [--strict]</c></summary>
internal sealed class ImportCommand : ConsoleCommand
{
    private const int BatchSize = 2_500;

    private readonly Argument<FileInfo> _file = new(Names.File) { Description = "A CSV file with a header, such as data/books.csv." };

    private readonly Option<string?> _key = new("--key", "-k")
    {
        Description = "The column that makes the key, after \"book::\"; by default key, else isbn, else book_id.",
        HelpName = "COLUMN",
    };

    private readonly Option<bool> _strict = new("--strict") { Description = "Write nothing if a row is bad." };

    public ImportCommand()
        : base("import", "Stores the books of a CSV file in the catalog.")
    {
        Add(_file);
        Add(_key);
        Add(_strict);
    }

    public override async Task<int> RunAsync(ParseResult parsed, CommandScope scope, CancellationToken cancellation)
    {
        var file = parsed.GetRequiredValue(_file);
        if (Directory.Exists(file.FullName))
            return scope.Fail(ConsoleExitCode.BadUsage, $"{file.FullName} is a directory; give a CSV file.");
        if (!file.Exists)
            return scope.Fail(ConsoleExitCode.BadUsage, $"There is no file {file.FullName}.");
        var options = new ImportOptions { Strict = parsed.GetValue(_strict), BatchSize = BatchSize };
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

        var refused = options.Strict && import.Bad > 0;
        scope.Output.Write(new ImportReport
        {
            File = file.Name,
            Rows = import.Rows,
            Created = import.Created,
            Updated = import.Updated,
            Unchanged = import.Unchanged,
            Bad = import.Bad,
            ElapsedMs = TimeProvider.System.GetElapsedTime(started).TotalMilliseconds,
            Refused = refused,
            BadRows = [.. import.BadRows.Select(row => new ImportReport.BadRow(row.Line, row.Reason))],
        });
        return refused ? ConsoleExitCode.BadUsage : ConsoleExitCode.Done;
    }

    private static Task<BookImport> ImportAsync(
        BookImporter importer, FileInfo file, ImportOptions options, IProgress<ProgressStep> progress, CancellationToken cancellation)
    {
        // Progress is the position in the file, since the number of rows is not known in advance.
        FileStream? reading = null;
        return importer.RunAsync(() => reading = file.OpenRead(), options, new RowProgress(rows =>
        {
            var fraction = reading is { CanRead: true, Length: > 0 } open ? (double)open.Position / open.Length : 1;
            progress.Report(new(fraction, Format.Of(rows, "row")));
        }), cancellation);
    }

    private sealed class RowProgress(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }
}

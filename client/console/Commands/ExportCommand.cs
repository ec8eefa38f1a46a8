using System.CommandLine;
using OrleansCache.Cli.Output;
using OrleansCache.Cli.Output.Reports;
using OrleansCache.Client;
using OrleansCache.Client.Export;

namespace OrleansCache.Cli.Commands;

/// <summary><c>export FILE.csv</c></summary>
internal sealed class ExportCommand : ConsoleCommand
{
    private readonly Argument<FileInfo> _file = new(Names.File)
    {
        Description = "The CSV file to write; one that is there is replaced when all books are written.",
    };

    public ExportCommand()
        : base("export", "Writes all books of the catalog into a CSV file that import takes back as they are.") => Add(_file);

    public override async Task<int> RunAsync(ParseResult parsed, CommandScope scope, CancellationToken cancellation)
    {
        var file = parsed.GetRequiredValue(_file);
        if (Directory.Exists(file.FullName))
            return scope.Fail(ConsoleExitCode.BadUsage, $"{file.FullName} is a directory; give a file to write.");
        if (file.Directory is not { Exists: true })
            return scope.Fail(ConsoleExitCode.BadUsage, $"There is no folder {file.DirectoryName} for {file.Name}.");
        var session = await scope.SessionAsync(cancellation).ConfigureAwait(false);
        var started = TimeProvider.System.GetTimestamp();
        // Beside the file, so that it can take the file's place at once; whatever ends the export, the file is whole.
        var unfinished = Path.Combine(file.DirectoryName!, $".{file.Name}.{Environment.ProcessId}.unfinished");
        BookExport export;
        try
        {
            export = await scope.Output.WithProgressAsync(
                $"exporting to {file.Name}",
                progress => WriteAsync(session.Operations, unfinished, progress, cancellation)).ConfigureAwait(false);
            File.Move(unfinished, file.FullName, overwrite: true);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return scope.Fail(ConsoleExitCode.Interrupted, $"Stopped. {file.Name} was not written.");
        }
        finally
        {
            File.Delete(unfinished);
        }

        file.Refresh();
        scope.Output.Write(new ExportReport
        {
            File = file.Name,
            Books = export.Books,
            Bytes = file.Length,
            ElapsedMs = TimeProvider.System.GetElapsedTime(started).TotalMilliseconds,
            Unreadable = export.Unreadable,
            UnreadableCount = export.UnreadableCount,
        });
        return export.UnreadableCount > 0 ? ConsoleExitCode.Incomplete : ConsoleExitCode.Done;
    }

    private static async Task<BookExport> WriteAsync(
        ICacheOperations operations, string path, IProgress<ProgressStep> progress, CancellationToken cancellation)
    {
        await using var csv = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None);
        var written = await BookExporter.RunAsync(
            operations.ReadAllAsync(cancellation), csv, new WrittenBooks(progress), cancellation).ConfigureAwait(false);
        // The file must not take another's place before it is on the disk.
        csv.Flush(flushToDisk: true);
        return written;
    }

    private sealed class WrittenBooks(IProgress<ProgressStep> progress) : IProgress<long>
    {
        // How many there are is not known before the end.
        public void Report(long value) => progress.Report(new(0, Format.Of(value, "book")));
    }
}

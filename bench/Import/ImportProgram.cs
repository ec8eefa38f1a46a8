using System.Diagnostics;
using System.Globalization;
using System.Text;
using OrleansCache.Bench.Clusters;
using OrleansCache.Bench.Reports;
using OrleansCache.Client.Import;
using OrleansCache.LocalClusters;

namespace OrleansCache.Bench.Import;

/// <summary>
/// An import of 10,000 rows into a cluster of processes with three regions, through the owners as operators do it. It must activate no book
/// grain; the silos' logs have a line for each activation.
/// </summary>
internal static class ImportProgram
{
    private const int Rows = 10_000;
    private const string KeyColumn = "book_id";

    /// <param name="args">The file books.csv of goodbooks-10k; optional.</param>
    public static async Task RunAsync(string[] args)
    {
        Surroundings.Print();
        var books = 0;
        var activations = 0;
        await using var cluster = await ProcessCluster.StartAsync(new()
        {
            Arguments = ["--Logging:LogLevel:OrleansCache.Activations=Debug"],
            OnLine = (_, line) =>
            {
                if (!line.Contains(" begins at ", StringComparison.Ordinal))
                    return;
                Interlocked.Increment(ref activations);
                if (line.Contains(Shelf.Key(0)[..^1], StringComparison.Ordinal))
                    Interlocked.Increment(ref books);
            },
        });
        await using var client = await BenchClient.ConnectAsync(cluster);
        Func<Stream> open = args is [var file] ? () => File.OpenRead(file) : () => Made(0);
        var (first, took) = await ImportAsync(client, open);
        var (_, again) = await ImportAsync(client, open);
        // By now the silos have compiled their code for imports, like silos that have been running for a while.
        var (others, later) = await ImportAsync(client, () => Made(Rows + 1));
        var silos = await client.StatisticsAsync(cluster.Regions);
        var (imported, grains) = (Volatile.Read(ref books), Volatile.Read(ref activations));

        // Checks that the count of activations can rise: a lookup activates a grain.
        await client.Cache.GetAsync(Shelf.Key(1));
        for (var wait = 0; Volatile.Read(ref books) == imported && wait < 100; wait++)
            await Task.Delay(10);
        if (Volatile.Read(ref books) == imported)
            throw new InvalidOperationException("A book was looked up, but no silo has logged its activation.");

        var table = new FigureTable();
        table.Add(
            $"import of {first.Created:N0} rows, into silos that have just started",
            "",
            $"{took.TotalSeconds:N2} s; again, unchanged: {again.TotalSeconds:N2} s");
        table.Add($"import of {others.Created:N0} rows, into silos that have done it before", "at most 3 s", $"{later.TotalSeconds:N2} s");
        table.Add("books activated by it", "none", $"{imported} of {grains} grains; {silos.Sum(silo => silo.Copies)} entries in silos");
        table.Print();
    }

    private static async Task<(BookImport Result, TimeSpan Took)> ImportAsync(BenchClient client, Func<Stream> open)
    {
        var began = Stopwatch.GetTimestamp();
        var result = await new BookImporter(client.Operations.StoreAsync).RunAsync(
            open, new ImportOptions { Columns = new Dictionary<BookField, string> { [BookField.Key] = KeyColumn } });
        return (result, Stopwatch.GetElapsedTime(began));
    }

    private static MemoryStream Made(int from) => new(Encoding.UTF8.GetBytes(Csv(from)));

    private static string Csv(int from)
    {
        var text = new StringBuilder($"{KeyColumn},title,author,description\n");
        for (var number = from; number < from + Rows; number++)
        {
            var book = Shelf.Book(number);
            text.Append(CultureInfo.InvariantCulture, $"{number},{book.Title},{book.Author},{book.Description}\n");
        }

        return text.ToString();
    }
}

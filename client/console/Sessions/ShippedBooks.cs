using OrleansCache.Client.Import;

namespace OrleansCache.Cli.Sessions;

/// <summary>The books that come with the project, embedded in this program.</summary>
internal static class ShippedBooks
{
    private const string Resource = "books.csv";

    /// <summary>Stores them all.</summary>
    /// <returns>How many books were stored.</returns>
    public static async Task<long> StoreAsync(
        Func<IReadOnlyList<KeyedPayload>, CancellationToken, Task<EditOutcome[]>> store, CancellationToken cancellation)
    {
        var import = await new BookImporter(store).RunAsync(Open, new ImportOptions(), cancellation: cancellation).ConfigureAwait(false);
        return import.Rows - import.Bad;
    }

    private static Stream Open() =>
        typeof(ShippedBooks).Assembly.GetManifestResourceStream(Resource)
        ?? throw new InvalidOperationException($"The program has no embedded resource {Resource}.");
}

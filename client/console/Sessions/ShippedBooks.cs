using OrleansCache.Client.Import;

namespace OrleansCache.Cli.Sessions;

/// <summary>The books that come with the project; this program carries them.</summary>
internal static class ShippedBooks
{
    private const string Resource = "books.csv";

    /// <summary>Stores them all.</summary>
    /// <returns>How many there are.</returns>
    public static async Task<long> StoreAsync(Func<IReadOnlyList<KeyedPayload>, CancellationToken, Task<EditOutcome[]>> store, CancellationToken cancellation)
    {
        var import = await new BookImporter(store).RunAsync(Open, new ImportOptions(), cancellation: cancellation).ConfigureAwait(false);
        return import.Rows - import.Bad;
    }

    private static Stream Open() =>
        typeof(ShippedBooks).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"The resource {Resource} is not in the program.");
}

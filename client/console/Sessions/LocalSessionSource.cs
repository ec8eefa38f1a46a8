using OrleansCache.Cli.Output;
using OrleansCache.LocalClusters;

namespace OrleansCache.Cli.Sessions;

/// <summary>A session on a cluster in this process.</summary>
internal sealed class LocalSessionSource(Func<LocalClusterOptions> configure) : ISessionSource
{
    private const int CountedBooks = 100_000;

    private LocalSession? _session;

    public LocalClusterOptions OwnCluster => configure();

    public ISession? Current => _session;

    public async Task<ISession> GetAsync(Action<string> notice, CancellationToken cancellation)
    {
        if (_session is not null)
            return _session;
        var options = OwnCluster;
        MakeFolder(options.CatalogPath);
        var session = await LocalSession.StartAsync(options, cancellation).ConfigureAwait(false);
        try
        {
            await TellAsync(session, options.CatalogPath, notice, cancellation).ConfigureAwait(false);
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return _session = session;
    }

    public async ValueTask DisposeAsync()
    {
        if (_session is { } session)
            await session.DisposeAsync().ConfigureAwait(false);
        _session = null;
    }

    private static void MakeFolder(string catalog)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(catalog)) is not { } folder)
            return;
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SessionException(ExitCode.Unavailable, $"The folder {folder} for the catalog cannot be made ({error.Message.TrimEnd('.')}); name another file with --catalog FILE.", error);
        }
    }

    private static async Task TellAsync(LocalSession session, string catalog, Action<string> notice, CancellationToken cancellation)
    {
        notice($"{ProgramVersion.Description}; regions {string.Join(", ", session.Regions.Names)}; {session.Cluster.NodesDescription}");
        var keys = await session.Catalog.ListKeysAsync(null, CountedBooks, cancellation).ConfigureAwait(false);
        if (keys.Count > 0)
        {
            var count = keys.Count < CountedBooks ? Format.Count(keys.Count) : $"at least {Format.Count(CountedBooks)}";
            notice($"catalog {catalog} with {count} books");
            return;
        }

        var shipped = await ShippedBooks.StoreAsync(session.Operations.StoreAsync, cancellation).ConfigureAwait(false);
        notice($"catalog {catalog} was empty; the {Format.Count(shipped)} books that come with the project are in it now");
    }
}

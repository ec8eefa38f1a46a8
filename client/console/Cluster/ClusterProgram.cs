using Microsoft.Extensions.Logging;
using OrleansCache.Catalogs;
using OrleansCache.Cli.Output;
using OrleansCache.Cli.Prompt;
using OrleansCache.Cli.Sessions;
using OrleansCache.LocalClusters;

namespace OrleansCache.Cli.Cluster;

/// <summary><c>./run cluster</c>: a cluster of processes, from its start until Ctrl-C.</summary>
internal sealed class ClusterProgram(Terminal terminal)
{
    private readonly Lock _writing = new();

    public Task<int> RunAsync(IReadOnlyList<string> words) => new ClusterCommand(RunAsync).RunAsync(words, terminal.Out, terminal.Error);

    private async Task<int> RunAsync(ClusterStart start)
    {
        using var interrupts = new Interrupts();
        interrupts.Register();
        var ready = false;
        try
        {
            Check(start);
            using var folder = ClusterFolder.Take(AppContext.BaseDirectory);
            Say($"{ProgramVersion.Description}; a redis-server and {Format.Of(start.SilosPerRegion, "silo")} per region start");
            var began = TimeProvider.System.GetTimestamp();
            using var network = await StartNetworkAsync(start, interrupts.Ending).ConfigureAwait(false);
            await using var cluster = await ProcessCluster.StartAsync(OptionsOf(start, folder, network), interrupts.Ending)
                .ConfigureAwait(false);
            await folder.PublishAsync(cluster.ClientJson, interrupts.Ending).ConfigureAwait(false);
            var off = new SwitchedOff();
            await using var front = start.Http == 0
                ? null
                : await ClusterFront.StartAsync(cluster, network, off, start.Http, interrupts.Ending).ConfigureAwait(false);
            ready = true;
            Explain(cluster, network, front, TimeProvider.System.GetElapsedTime(began));
            var code = await new ClusterWatch(cluster, start.Restart, off, Say).RunAsync(interrupts.Ending).ConfigureAwait(false);
            Say("the cluster stops");
            if (front is not null)
                await front.DisposeAsync().ConfigureAwait(false);
            began = TimeProvider.System.GetTimestamp();
            await cluster.StopSilosAsync().ConfigureAwait(false);
            await cluster.DisposeAsync().ConfigureAwait(false);
            Say($"the cluster has stopped, after {Format.Duration(TimeProvider.System.GetElapsedTime(began))}");
            return code;
        }
        catch (OperationCanceledException) when (interrupts.Ending.IsCancellationRequested)
        {
            Say("stopped");
            return ready ? ConsoleExitCode.Done : ConsoleExitCode.Interrupted;
        }
        catch (Exception error) when (error is SiloProcessException or ArgumentException || ErrorReport.For(error) is not null)
        {
            await terminal.Error.WriteLineAsync(error.Message).ConfigureAwait(false);
            return ErrorReport.For(error)?.ExitCode ?? ConsoleExitCode.Unavailable;
        }
    }

    private static void Check(ClusterStart start)
    {
        if (!LocalRedisServer.IsInstalled)
        {
            throw new SessionException(
                ConsoleExitCode.Unavailable,
                "There is no redis-server on the PATH, which a cluster of processes needs: install it (apt-get install redis-server). "
                + "./run without arguments starts a cluster that needs none.");
        }

        if (start.Distances is not null && DistantNetwork.Unavailable is { } reason)
            throw new SessionException(ConsoleExitCode.Unavailable, $"--distance: {reason}");
        if (start.Catalog is null && !LocalPostgresServer.IsInstalled)
        {
            throw new SessionException(
                ConsoleExitCode.Unavailable,
                "There is no PostgreSQL on this machine: install it (apt-get install postgresql), name a server with --connection, or omit "
                + "--catalog to use SQLite.");
        }

        if (start.Catalog is { Provider: CatalogOptions.Sqlite } sqlite && Path.GetDirectoryName(sqlite.ConnectionString) is { } folder)
            Directory.CreateDirectory(folder);
    }

    private static async Task<DistantNetwork?> StartNetworkAsync(ClusterStart start, CancellationToken cancellation)
    {
        if (start.Distances is not { } distances)
            return null;
        try
        {
            var options = new DistantNetworkOptions { Hosts = new ProcessClusterOptions().Regions, Distances = distances };
            return await DistantNetwork.StartAsync(options, cancellation).ConfigureAwait(false);
        }
        catch (InvalidOperationException error)
        {
            throw new SessionException(ConsoleExitCode.Unavailable, $"--distance: {error.Message}", error);
        }
    }

    private ProcessClusterOptions OptionsOf(ClusterStart start, ClusterFolder folder, DistantNetwork? network) => new()
    {
        Network = network,
        Http = start.Http != 0,
        SilosPerRegion = start.SilosPerRegion,
        Catalog = start.Catalog,
        Postgres = start.Catalog is null,
        Folder = folder.Path,
        Settings = new Dictionary<string, string>
        {
            ["TimeToLive"] = start.TimeToLive.ToString(),
        },
        Arguments = start.LogLevel is LogLevel.Information ? [] : [$"--Logging:LogLevel:OrleansCache={start.LogLevel}"],
        PrepareCatalog = FillAsync,
        OnLine = (silo, line) => Say(line, silo),
    };

    /// <summary>Stores the shipped books in an empty catalog. No silo has granted a lease yet, so none has to be revoked.</summary>
    private async Task FillAsync(CatalogOptions settings, CancellationToken cancellation)
    {
        await using var catalog = CatalogFactory.Create(settings);
        await catalog.InitializeAsync(cancellation).ConfigureAwait(false);
        if ((await catalog.ListKeysAsync(null, 1, cancellation).ConfigureAwait(false)).Count > 0)
            return;
        var shipped = await ShippedBooks.StoreAsync(catalog.StoreAsync, cancellation).ConfigureAwait(false);
        Say($"the catalog was empty; the {Format.Count(shipped)} books that come with the project are in it now");
    }

    private void Explain(ProcessCluster cluster, DistantNetwork? network, ClusterFront? front, TimeSpan took)
    {
        foreach (var region in cluster.Regions)
            Say($"{region}: gateways {string.Join(", ", cluster.Gateways(region))}, redis {cluster.Redis(region).ConnectionString}");
        var clustering = cluster.ClusteringRedis.ConnectionString;
        Say($"healthy after {Format.Duration(took)}; clustering redis {clustering}, catalog {Describe(cluster.Catalog)}");
        if (network is null)
            Say("in a second terminal: ./run client lookup book::1984 --region asia");
        foreach (var host in network?.Hosts ?? [])
            Say($"a client in {host.Name}: {string.Join(' ', host.Launcher)} ./run client lookup book::1984 --region {host.Name}");
        Say("Ctrl-C stops it all");
        if (front is not null)
        {
            Say("");
            Say($"  open {front.Address}");
            Say("");
        }
    }

    private static string Describe(CatalogOptions catalog) => catalog.Provider == CatalogOptions.Sqlite
        ? catalog.ConnectionString
        : new Npgsql.NpgsqlConnectionStringBuilder(catalog.ConnectionString) { Password = null }.ConnectionString;

    private void Say(string line) => Say(line, "cluster");

    private void Say(string line, string who)
    {
        // Several silos write lines at the same time.
        lock (_writing)
        {
            terminal.Out.WriteLine($"{who,-15} | {PlainText.Of(line)}");
            terminal.Out.Flush();
        }
    }
}

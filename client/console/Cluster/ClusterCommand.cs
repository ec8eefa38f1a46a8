using System.CommandLine;
using Microsoft.Extensions.Logging;
using OrleansCache.Catalogs;
using OrleansCache.Cli.Commands;
using OrleansCache.Cli.Sessions;
using OrleansCache.LocalClusters;

namespace OrleansCache.Cli.Cluster;

/// <summary>The command line of <c>./run cluster</c>.</summary>
internal sealed class ClusterCommand
{
    /// <summary>The first argument, which selects this command.</summary>
    public const string Word = "cluster";

    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    private readonly Option<string> _catalog = new("--catalog")
    {
        Description = "The catalog's database: sqlite (a file that all silos open), or postgres (a temporary server of the installed "
            + "package, unless --connection names one).",
        HelpName = "sqlite|postgres",
        DefaultValueFactory = _ => CatalogOptions.Sqlite,
    };

    private readonly Option<string?> _connection = new("--connection")
    {
        Description = "The SQLite file, or PostgreSQL's connection string.",
        HelpName = "FILE|STRING",
    };

    private readonly Option<int> _silos = CommonOptions.Silos("--silos-per-region");

    private readonly Option<double> _timeToLive = CommonOptions.TimeToLive();

    private readonly Option<string?> _distance = new("--distance")
    {
        Description = "Runs it on a network on which the regions are so far apart: round trips in milliseconds. Needs root.",
        HelpName = "europe-asia=160,...",
    };

    private readonly Option<bool> _restart = new("--restart") { Description = "Restart a silo or a Redis that has ended." };

    private readonly Option<int?> _http = new("--http")
    {
        Description = "The port of the page and the HTTP API on this machine; 0 for none. Without it: 8080, or the next one that is free.",
        HelpName = "PORT",
    };

    private readonly Option<LogLevel> _log = CommonOptions.Log("The lowest level of the silos' log that is shown", LogLevel.Information);

    private readonly RootCommand _root;

    public ClusterCommand(Func<ClusterStart, Task<int>> run)
    {
        _catalog.AcceptOnlyFromAmong(CatalogOptions.Sqlite, CatalogOptions.Postgres);
        _distance.Validators.Add(result =>
        {
            try
            {
                DistancesOf(result.GetValue(_distance));
            }
            catch (FormatException error)
            {
                result.AddError($"--distance: {error.Message}");
            }
        });
        _http.Validators.Add(result =>
        {
            if (result.GetValue(_http) is { } port and (< 0 or > ushort.MaxValue))
                result.AddError($"--http: {port} is no port; give one from 1 to 65,535, or 0 for no page.");
        });
        _root = new RootCommand(
            "Starts a cluster of processes on this machine, a Redis and a silo per region, and runs it until Ctrl-C. "
            + "In a second terminal: ./run client lookup book::1984 --region asia")
        {
            _catalog, _connection, _silos, _timeToLive, _distance, _restart, _http, _log,
        };
        _root.SetAction((parsed, _) => run(Read(parsed)));
    }

    /// <summary>Parses the arguments after <see cref="Word"/> and runs the command.</summary>
    /// <returns>The <see cref="ConsoleExitCode"/>.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> words, TextWriter output, TextWriter error)
    {
        var parsed = _root.Parse(words, Parsing);
        if (parsed.Errors.Count == 0)
        {
            var invocation = new InvocationConfiguration
            {
                Output = output,
                Error = error,
                ProcessTerminationTimeout = null,
                EnableDefaultExceptionHandler = false,
            };
            return await parsed.InvokeAsync(invocation).ConfigureAwait(false);
        }

        await error.WriteLineAsync(Complaint.About(parsed)).ConfigureAwait(false);
        await error.WriteLineAsync("./run cluster --help lists the options.").ConfigureAwait(false);
        return ConsoleExitCode.BadUsage;
    }

    private static IReadOnlyList<NetworkDistance>? DistancesOf(string? text) =>
        text is null ? null : NetworkDistance.Parse(text, new ProcessClusterOptions().Regions);

    private ClusterStart Read(ParseResult parsed)
    {
        var provider = parsed.GetValue(_catalog)!;
        var connection = parsed.GetValue(_connection);
        if (provider == CatalogOptions.Sqlite)
            connection = Path.GetFullPath(connection ?? Path.Combine(CommandTree.DataFolder, "catalog.db"));
        return new()
        {
            Catalog = connection is null ? null : new() { Provider = provider, ConnectionString = connection },
            SilosPerRegion = parsed.GetValue(_silos),
            TimeToLive = TimeSpan.FromSeconds(parsed.GetValue(_timeToLive)),
            Distances = DistancesOf(parsed.GetValue(_distance)),
            Restart = parsed.GetValue(_restart),
            Http = parsed.GetValue(_http),
            LogLevel = parsed.GetValue(_log),
        };
    }
}

/// <summary>The parsed options of <c>./run cluster</c>.</summary>
internal sealed record ClusterStart
{
    /// <summary>The catalog; null for a temporary PostgreSQL server.</summary>
    public CatalogOptions? Catalog { get; init; }

    public int SilosPerRegion { get; init; } = 1;

    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The round trips between the regions; null where they are at no distance.</summary>
    public IReadOnlyList<NetworkDistance>? Distances { get; init; }

    /// <summary>Whether processes that end are restarted.</summary>
    public bool Restart { get; init; }

    /// <summary>The port of the page; 0 for none, null for the default one or the next one that is free.</summary>
    public int? Http { get; init; }

    public LogLevel LogLevel { get; init; } = LogLevel.Information;
}

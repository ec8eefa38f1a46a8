using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging;
using OrleansCache.Catalogs;
using OrleansCache.Cli.Commands;

namespace OrleansCache.Cli.Cluster;

/// <summary>The command line of <c>./run cluster</c>.</summary>
internal sealed class ClusterCommand
{
    /// <summary>The first word that stands for this command.</summary>
    public const string Word = "cluster";

    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    private readonly Option<string> _catalog = new("--catalog")
    {
        Description = "The catalog's database: sqlite (a file that all silos open), or postgres (a throw-away server of the installed package, unless --connection names one).",
        HelpName = "sqlite|postgres",
        DefaultValueFactory = _ => CatalogSettings.Sqlite,
    };

    private readonly Option<string?> _connection = new("--connection")
    {
        Description = "The SQLite file, or PostgreSQL's connection string.",
        HelpName = "FILE|STRING",
    };

    private readonly Option<int> _silos = new("--silos", "--silos-per-region") { Description = "Silos per region, 1 to 8.", HelpName = "N", DefaultValueFactory = _ => 1 };

    private readonly Option<double> _timeToLive = new("--ttl")
    {
        Description = "How long a copy is used, in seconds.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 600,
    };

    private readonly Option<bool> _restart = new("--restart") { Description = "Start a silo or a Redis that has ended again." };

    private readonly Option<LogLevel> _log = new("--log")
    {
        Description = "From which level on the silos' log is shown: none, error, warning, information or debug.",
        HelpName = "none|error|warning|information|debug",
        DefaultValueFactory = _ => LogLevel.Information,
    };

    private readonly RootCommand _root;

    public ClusterCommand(Func<ClusterStart, Task<int>> run)
    {
        _catalog.AcceptOnlyFromAmong(CatalogSettings.Sqlite, CatalogSettings.Postgres);
        _silos.Validators.Add(result =>
        {
            if (int.TryParse(result.Tokens.FirstOrDefault()?.Value, CultureInfo.InvariantCulture, out var silos) && silos is < 1 or > 8)
                result.AddError($"--silos is {silos}; it must be from 1 to 8.");
        });
        _timeToLive.Validators.Add(result =>
        {
            if (double.TryParse(result.Tokens.FirstOrDefault()?.Value, CultureInfo.InvariantCulture, out var seconds) && seconds is not (>= 1 and <= 86_400))
                result.AddError("--ttl must be from 1 to 86400 seconds.");
        });
        _root = new RootCommand("Starts a cluster of processes on this machine, a Redis and a silo per region, and keeps it until Ctrl-C. In a second terminal: ./run client lookup book::1984 --region asia")
        {
            _catalog, _connection, _silos, _timeToLive, _restart, _log,
        };
        _root.SetAction((parsed, _) => run(Read(parsed)));
    }

    /// <summary>Parses the words after <see cref="Word"/> and does what they ask for.</summary>
    /// <returns>The <see cref="ExitCode"/>.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> words, TextWriter output, TextWriter error)
    {
        var parsed = _root.Parse(words, Parsing);
        if (parsed.Errors.Count == 0)
            return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false }).ConfigureAwait(false);
        await error.WriteLineAsync(Complaint.About(parsed)).ConfigureAwait(false);
        await error.WriteLineAsync("./run cluster --help shows what can be given.").ConfigureAwait(false);
        return ExitCode.BadUsage;
    }

    private ClusterStart Read(ParseResult parsed)
    {
        var provider = parsed.GetValue(_catalog)!;
        var connection = parsed.GetValue(_connection);
        if (connection is null && provider == CatalogSettings.Sqlite)
            connection = Path.Combine(CommandTree.DataFolder, "catalog.db");
        return new()
        {
            Catalog = connection is null ? null : new() { Provider = provider, ConnectionString = provider == CatalogSettings.Sqlite ? Path.GetFullPath(connection) : connection },
            SilosPerRegion = parsed.GetValue(_silos),
            TimeToLive = TimeSpan.FromSeconds(parsed.GetValue(_timeToLive)),
            Restart = parsed.GetValue(_restart),
            LogLevel = parsed.GetValue(_log),
        };
    }
}

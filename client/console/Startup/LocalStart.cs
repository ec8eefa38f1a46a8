using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging;
using OrleansCache.Cli.Commands;
using OrleansCache.Cli.Sessions;
using OrleansCache.LocalClusters;

namespace OrleansCache.Cli.Startup;

/// <summary>A cluster in this process, for as long as the program runs.</summary>
internal sealed class LocalStart : StartOptions
{
    private readonly Option<FileInfo> _catalog = new("--catalog")
    {
        Description = "The SQLite file with the books.",
        HelpName = "FILE",
        Recursive = true,
        DefaultValueFactory = _ => new FileInfo(DefaultCatalog),
    };

    private readonly Option<LocalNodes> _nodes = new("--nodes")
    {
        Description = "What the regions' nodes are: redis (a redis-server per region), memory, or auto (redis if it is on the PATH).",
        HelpName = "auto|memory|redis",
        Recursive = true,
        DefaultValueFactory = _ => LocalNodes.Auto,
    };

    private readonly Option<int> _silos = new("--silos") { Description = "Silos per region, 1 to 8.", HelpName = "N", Recursive = true, DefaultValueFactory = _ => 1 };

    private readonly Option<double> _timeToLive = new("--ttl")
    {
        Description = "How long a copy is used, in seconds.",
        HelpName = "SECONDS",
        Recursive = true,
        DefaultValueFactory = _ => 600,
    };

    private readonly Option<LogLevel> _log = new("--log")
    {
        Description = "From which level on the silos' log goes to standard error: none, error, warning, information or debug.",
        HelpName = "none|error|warning|information|debug",
        Recursive = true,
        DefaultValueFactory = _ => LogLevel.None,
    };

    public LocalStart()
    {
        _silos.Validators.Add(result =>
        {
            // What is no number at all is the parser's to refuse.
            if (int.TryParse(result.Tokens.FirstOrDefault()?.Value, CultureInfo.InvariantCulture, out var silos) && silos is < 1 or > 8)
                result.AddError($"--silos is {silos}; it must be from 1 to 8.");
        });
        _timeToLive.Validators.Add(result =>
        {
            if (double.TryParse(result.Tokens.FirstOrDefault()?.Value, CultureInfo.InvariantCulture, out var seconds) && seconds is not (>= 1 and <= 86_400))
                result.AddError("--ttl must be from 1 to 86400 seconds.");
        });
    }

    public override string RunCommand => "./run";

    public override string Description =>
        "Looks books up in a cache that spans regions, on a three-region cluster in this process. Without a command: a prompt, or the commands of the standard input.";

    public override IReadOnlyList<Option> All => [_catalog, _nodes, _silos, _timeToLive, _log];

    private static string DefaultCatalog => Path.Combine(CommandTree.DataFolder, "catalog.db");

    public override ISessionSource Open(ParseResult parsed) => new LocalSessionSource(() => new LocalClusterOptions
    {
        CatalogPath = parsed.GetValue(_catalog)!.FullName,
        Nodes = parsed.GetValue(_nodes),
        SilosPerRegion = parsed.GetValue(_silos),
        TimeToLive = TimeSpan.FromSeconds(parsed.GetValue(_timeToLive)),
        LogLevel = parsed.GetValue(_log),
    });
}

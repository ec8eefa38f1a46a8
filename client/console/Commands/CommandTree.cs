using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging;
using OrleansCache.Silo.Local;

namespace OrleansCache.Cli.Commands;

/// <summary>All commands and their options.</summary>
internal sealed class CommandTree
{
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON document.", Recursive = true };

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

    /// <summary>Makes the tree, for a call of the program or, without the options that a start has, for its prompt.</summary>
    public CommandTree(bool interactive)
    {
        Root = new RootCommand("Looks books up in a cache that spans regions, on a three-region cluster in this process. Without a command: a prompt, or the commands of the standard input.")
        {
            new LookupCommand(),
            new RegionsCommand(),
            new RingCommand(),
            new NodeCommand(),
            new ImportCommand(),
            new StatsCommand(),
            new DemoCommand(),
        };
        Root.Add(_json);
        Root.Add(new HelpCommand(this));
        if (interactive)
        {
            Root.Add(new ExitCommand());
        }
        else
        {
            foreach (var option in StartOptions)
                Root.Add(option);
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

        // Without an action of its own the root would call "no command" an error.
        Root.SetAction(_ => ExitCode.Done);
    }

    public RootCommand Root { get; }

    private Option[] StartOptions => [_catalog, _nodes, _silos, _timeToLive, _log];

    private static string DefaultCatalog => Path.Combine(DataFolder, "catalog.db");

    /// <summary>Where the console keeps what is its own.</summary>
    public static string DataFolder =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "orleanscache");

    public ParseResult Parse(IReadOnlyList<string> words) => Root.Parse(words, Parsing);

    public bool IsJson(ParseResult parsed) => parsed.GetResult(_json) is not null && parsed.GetValue(_json);

    /// <summary>Whether a word is an option that only a start of the program has.</summary>
    public bool IsOfTheStart(string word) => StartOptions.Any(option => option.Name == word);

    /// <summary>The cluster that a call of the program asks for.</summary>
    public LocalClusterOptions ClusterOptions(ParseResult parsed) => new()
    {
        CatalogPath = parsed.GetValue(_catalog)!.FullName,
        Nodes = parsed.GetValue(_nodes),
        SilosPerRegion = parsed.GetValue(_silos),
        TimeToLive = TimeSpan.FromSeconds(parsed.GetValue(_timeToLive)),
        LogLevel = parsed.GetValue(_log),
    };
}

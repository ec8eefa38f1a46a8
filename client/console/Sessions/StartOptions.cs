using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging;
using OrleansCache.Cli.Commands;
using OrleansCache.LocalClusters;

namespace OrleansCache.Cli.Sessions;

/// <summary>The options of the program itself, which select the cluster that the commands use.</summary>
internal abstract class StartOptions
{
    /// <summary>The first argument for a cluster in this process.</summary>
    public const string LocalWord = "local";

    /// <summary>The first argument for a running cluster; it may be omitted.</summary>
    public const string RunningWord = "client";

    /// <summary>The command that starts the program with these options.</summary>
    public abstract string RunCommand { get; }

    /// <summary>What the program does then.</summary>
    public abstract string Description { get; }

    /// <summary>The options, for the root command.</summary>
    public abstract IReadOnlyList<Option> All { get; }

    /// <summary>Removes the argument that selects the cluster from the front of the arguments.</summary>
    public static StartOptions Take(ref IReadOnlyList<string> args)
    {
        StartOptions start = args is [LocalWord, ..] ? new LocalStart() : new RunningStart();
        if (args is [LocalWord or RunningWord, ..])
            args = [.. args.Skip(1)];
        return start;
    }

    /// <summary>The kind of start that has an option of this name; null if none has.</summary>
    public static StartOptions? OwnerOf(string option) =>
        new StartOptions[] { new LocalStart(), new RunningStart() }.FirstOrDefault(start => start.All.Any(known => known.Name == option));

    /// <summary>The source of the session; nothing is started yet.</summary>
    public abstract ISessionSource Open(ParseResult parsed);
}

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

    private readonly Option<int> _silos = CommonOptions.Silos();

    private readonly Option<double> _timeToLive = CommonOptions.TimeToLive();

    private readonly Option<LogLevel> _log = CommonOptions.Log("The lowest level of the silos' log that goes to standard error");

    public override string RunCommand => "./run";

    public override string Description =>
        "Looks books up in a cache that spans regions, on a three-region cluster in this process. "
        + "Without a command: a prompt, or the commands on standard input.";

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

/// <summary>A cluster that runs already.</summary>
internal sealed class RunningStart : StartOptions
{
    private readonly Option<FileInfo?> _config = new("--config")
    {
        Description = "A JSON file with the section OrleansCache: the cluster's id, its regions, and gateways or the clustering Redis.",
        HelpName = "FILE",
        Recursive = true,
    };

    private readonly Option<string?> _redis = new("--redis")
    {
        Description = "The clustering Redis, as HOST:PORT or a connection string: the silos' gateways are found there.",
        HelpName = "HOST:PORT",
        Recursive = true,
    };

    private readonly Option<string[]> _gateways = new("--gateway")
    {
        Description = "A gateway of a region, as europe=HOST:PORT; may be repeated. The first one's region is home unless the settings "
            + "say otherwise.",
        HelpName = "REGION=HOST:PORT",
        Recursive = true,
    };

    private readonly Option<string?> _regions = new("--regions")
    {
        Description = "The regions' names, home first, for --redis without settings; europe,asia,northamerica unless said otherwise.",
        HelpName = "NAMES",
        Recursive = true,
    };

    private readonly Option<string?> _cluster = new("--cluster-id")
    {
        Description = "The cluster's id, if it is not orleanscache.",
        HelpName = "ID",
        Recursive = true,
    };

    private readonly Option<FileInfo?> _token = new("--operator-token-file")
    {
        Description = "A file with the secret that the cluster asks operators for, to change nodes and to purge.",
        HelpName = "FILE",
        Recursive = true,
    };

    private readonly Option<LogLevel> _log = CommonOptions.Log("The lowest level of this client's log that goes to standard error");

    public RunningStart() => _gateways.Validators.Add(result =>
    {
        foreach (var value in result.Tokens.Select(token => token.Value).Where(value => !IsGateway(value)))
            result.AddError($"--gateway is \"{value}\"; it must be REGION=HOST:PORT, as in europe=127.0.0.1:30000.");
    });

    public override string RunCommand => "./run client";

    public override string Description =>
        "Looks books up in a cache that spans regions, on a running cluster. Without a command: a prompt, or the commands on standard "
        + "input. Without an option that selects a cluster, it is that of ./run cluster.";

    public override IReadOnlyList<Option> All => [_config, _redis, _regions, _gateways, _cluster, _token, _log];

    public override ISessionSource Open(ParseResult parsed) => new RunningSessionSource(() => new ClusterLocation
    {
        ConfigFile = parsed.GetValue(_config)?.FullName,
        Redis = parsed.GetValue(_redis),
        Regions = parsed.GetValue(_regions)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
        ClusterId = parsed.GetValue(_cluster),
        Gateways = [.. (parsed.GetValue(_gateways) ?? []).Select(text => text.Split('=')).Select(parts => (parts[0], parts[1]))],
        OperatorTokenFile = parsed.GetValue(_token)?.FullName,
        LogLevel = parsed.GetValue(_log),
    });

    private static bool IsGateway(string value) =>
        value.Split('=') is [var region, { Length: > 0 }] && RegionMap.IsName(region);
}

/// <summary>Options that more than one way to start the program has.</summary>
internal static class CommonOptions
{
    public static Option<int> Silos(params string[] aliases)
    {
        var option = new Option<int>("--silos", aliases)
        {
            Description = "Silos per region, 1 to 8.",
            HelpName = "N",
            Recursive = true,
            DefaultValueFactory = _ => 1,
        };
        option.Validators.Add(result =>
        {
            // The parser itself rejects what is not a number.
            if (int.TryParse(result.Tokens.FirstOrDefault()?.Value, CultureInfo.InvariantCulture, out var silos) && silos is < 1 or > 8)
                result.AddError($"--silos is {silos}; it must be from 1 to 8.");
        });
        return option;
    }

    public static Option<double> TimeToLive()
    {
        var option = new Option<double>("--ttl")
        {
            Description = "The time to live of cached entries, in seconds.",
            HelpName = "SECONDS",
            Recursive = true,
            DefaultValueFactory = _ => 600,
        };
        option.Validators.Add(result =>
        {
            if (double.TryParse(result.Tokens.FirstOrDefault()?.Value, CultureInfo.InvariantCulture, out var seconds)
                && seconds is not (>= 1 and <= 86_400))
                result.AddError("--ttl must be from 1 to 86400 seconds.");
        });
        return option;
    }

    public static Option<LogLevel> Log(string description, LogLevel level = LogLevel.None) => new("--log")
    {
        Description = $"{description}: none, error, warning, information or debug.",
        HelpName = "none|error|warning|information|debug",
        Recursive = true,
        DefaultValueFactory = _ => level,
    };
}

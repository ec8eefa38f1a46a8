using System.CommandLine;
using Microsoft.Extensions.Logging;
using OrleansCache.Cli.Sessions;

namespace OrleansCache.Cli.Startup;

/// <summary>A cluster that runs already.</summary>
internal sealed class RunningStart : StartOptions
{
    private readonly Option<FileInfo?> _config = new("--config")
    {
        Description = "A JSON file with the section OrleansCache: the cluster's id, its regions, and their gateways or the clustering Redis.",
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
        Description = "A gateway of a region, as europe=HOST:PORT; once for each. The first one's region is home unless the settings say otherwise.",
        HelpName = "REGION=HOST:PORT",
        Recursive = true,
    };

    private readonly Option<string?> _regions = new("--regions")
    {
        Description = "The regions' names, home first, for --redis without settings; europe,asia,northamerica unless said otherwise.",
        HelpName = "NAMES",
        Recursive = true,
    };

    private readonly Option<string?> _cluster = new("--cluster-id") { Description = "The cluster's id, when it is not orleanscache.", HelpName = "ID", Recursive = true };

    private readonly Option<LogLevel> _log = new("--log")
    {
        Description = "From which level on this client's log goes to standard error: none, error, warning, information or debug.",
        HelpName = "none|error|warning|information|debug",
        Recursive = true,
        DefaultValueFactory = _ => LogLevel.None,
    };

    public RunningStart() => _gateways.Validators.Add(result =>
    {
        foreach (var token in result.Tokens.Where(token => token.Value.Split('=') is not [var region, var gateway] || !RegionMap.IsName(region) || gateway.Length == 0))
            result.AddError($"--gateway is \"{token.Value}\"; it must be REGION=HOST:PORT, as in europe=127.0.0.1:30000.");
    });

    public override string RunCommand => "./run client";

    public override string Description =>
        "Looks books up in a cache that spans regions, on a running cluster. Without a command: a prompt, or the commands of the standard input. Where nothing says where the cluster is, it is that of ./run cluster.";

    public override IReadOnlyList<Option> All => [_config, _redis, _regions, _gateways, _cluster, _log];

    public override ISessionSource Open(ParseResult parsed) => new RunningSessionSource(() => new ClusterPlace
    {
        ConfigFile = parsed.GetValue(_config)?.FullName,
        Redis = parsed.GetValue(_redis),
        Regions = parsed.GetValue(_regions)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
        ClusterId = parsed.GetValue(_cluster),
        Gateways = [.. (parsed.GetValue(_gateways) ?? []).Select(text => text.Split('=')).Select(parts => (parts[0], parts[1]))],
        LogLevel = parsed.GetValue(_log),
    });
}

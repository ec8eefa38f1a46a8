using Microsoft.Extensions.Logging;

namespace OrleansCache.Cli.Sessions;

/// <summary>What the command line says about where a running cluster is.</summary>
internal sealed record ClusterPlace
{
    /// <summary>The settings file that was named.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>The clustering Redis that was named.</summary>
    public string? Redis { get; init; }

    /// <summary>The regions that were named, home first.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>The cluster's id that was named.</summary>
    public string? ClusterId { get; init; }

    /// <summary>The gateways that were named.</summary>
    public IReadOnlyList<(string Region, string Gateway)> Gateways { get; init; } = [];

    /// <summary>From which level on the client's log goes to standard error.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.None;
}

namespace OrleansCache.LocalClusters;

/// <summary>How a silo's process is started.</summary>
public sealed record SiloProcessOptions
{
    /// <summary>The silo program's assembly. Default: the one that was built or published with the running program.</summary>
    public string Program { get; init; } = SiloProgramFile.Find();

    /// <summary>The silo's region.</summary>
    public required string Region { get; init; }

    /// <summary>Its number in the region, from 1.</summary>
    public int Number { get; init; } = 1;

    /// <summary>The port for other silos.</summary>
    public required int SiloPort { get; init; }

    /// <summary>The port for clients.</summary>
    public required int GatewayPort { get; init; }

    /// <summary>The JSON file with the settings that it shares with others.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>Settings of its own, as on a command line: <c>--OrleansCache:Node:Budget=00:00:01</c>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Environment variables of its own.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Told each line that it writes.</summary>
    public Action<string>? OnLine { get; init; }

    /// <summary>How long it may take until it is ready.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromSeconds(60);
}

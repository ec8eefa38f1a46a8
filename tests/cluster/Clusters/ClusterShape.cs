namespace OrleansCache.Tests.Clusters;

/// <summary>How a test's cluster is to be.</summary>
public sealed record ClusterShape
{
    /// <summary>The regions; the first one is home.</summary>
    public IReadOnlyList<string> Regions { get; init; } = ["europe", "asia", "northamerica"];

    /// <summary>The home region.</summary>
    public string Home { get; init; } = "europe";

    /// <summary>The names of the silos in the order of their start; those beyond <see cref="SilosAtFirst"/> are started by the test.</summary>
    public IReadOnlyList<string> Silos { get; init; } = ["europe.1", "asia.1", "northamerica.1"];

    /// <summary>How many silos there are when the test begins.</summary>
    public int SilosAtFirst { get; init; } = 3;

    /// <summary>Whether time passes only when the test says so.</summary>
    public bool StoppedClocks { get; init; }

    /// <summary>Further settings of the section <c>OrleansCache</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}

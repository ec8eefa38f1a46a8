using OrleansCache.Catalogs;

namespace OrleansCache.LocalClusters;

/// <summary>How a cluster of processes is to be.</summary>
public sealed record ProcessClusterOptions
{
    /// <summary>The regions; the first one is home.</summary>
    public IReadOnlyList<string> Regions { get; init; } = ["europe", "asia", "northamerica"];

    /// <summary>Silos that are started in each region; more can join later.</summary>
    public int SilosPerRegion { get; init; } = 1;

    /// <summary>The catalog; unless set, a SQLite file that goes with the cluster.</summary>
    public CatalogSettings? Catalog { get; init; }

    /// <summary>Whether the catalog is a throw-away PostgreSQL server of the installed package; <see cref="Catalog"/> is not looked at then.</summary>
    public bool Postgres { get; init; }

    /// <summary>Where the files with the settings are written; unless set, in a folder that goes with the cluster.</summary>
    public string? Folder { get; init; }

    /// <summary>The silo program's assembly; unless set, the one beside the running program.</summary>
    public string? Program { get; init; }

    /// <summary>Further settings of the section <c>OrleansCache</c> for all silos, by their name below it: <c>Node:Budget</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the clustering Redis has its table again when it is started again; without, it comes back empty.</summary>
    public bool KeepClusteringData { get; init; }

    /// <summary>Told each line that a silo writes: its name and the line.</summary>
    public Action<string, string>? OnLine { get; init; }

    /// <summary>What is done with the catalog while the silos start, such as filling it.</summary>
    public Func<CatalogSettings, CancellationToken, Task>? PrepareCatalog { get; init; }

    /// <summary>Further arguments of every silo.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>How long a silo may take until it is ready.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromSeconds(60);
}

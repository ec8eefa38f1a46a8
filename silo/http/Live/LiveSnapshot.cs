using System.Collections.Immutable;

namespace OrleansCache.Http;

/// <summary>
/// What the page shows of the cluster at one moment. Times of the clock are milliseconds since 1970, durations are milliseconds.
/// </summary>
internal sealed record LiveSnapshot
{
    /// <summary>When it was made.</summary>
    public long At { get; init; }

    /// <summary>The silo whose HTTP server has made it.</summary>
    public string Silo { get; init; } = "";

    /// <summary>The region of that silo.</summary>
    public string Region { get; init; } = "";

    /// <summary>The home region.</summary>
    public string Home { get; init; } = "";

    /// <summary>The regions in the configured order.</summary>
    public ImmutableArray<LiveRegion> Regions { get; init; } = [];

    /// <summary>The keys that are looked up most, the first one most of all.</summary>
    public ImmutableArray<LiveHotKey> HotKeys { get; init; } = [];

    /// <summary>The measured ways between regions.</summary>
    public ImmutableArray<LiveDistance> Distances { get; init; } = [];

    /// <summary>What needs attention, the worst first; one line when nothing does.</summary>
    public ImmutableArray<Advice> Advice { get; init; } = [];

    /// <summary>What has happened lately, the oldest first.</summary>
    public ImmutableArray<LiveEvent> Events { get; init; } = [];
}

/// <summary>A region at one moment.</summary>
internal sealed record LiveRegion
{
    public required string Name { get; init; }

    /// <summary>Whether the owners and the catalog are in it.</summary>
    public bool IsHome { get; init; }

    /// <summary>Whether it was asked at least once.</summary>
    public bool IsKnown { get; init; }

    /// <summary>Whether at least one of its silos answers.</summary>
    public bool Answers { get; init; }

    /// <summary>Why it does not answer, or what else is wrong with it; null when nothing is.</summary>
    public string? Problem { get; init; }

    /// <summary>Since when it answers, or does not.</summary>
    public long Since { get; init; }

    /// <summary>The version of its ring.</summary>
    public long RingVersion { get; init; }

    /// <summary>Its nodes as they were last seen.</summary>
    public ImmutableArray<LiveNode> Nodes { get; init; } = [];

    /// <summary>Its silos, those that do not answer included.</summary>
    public ImmutableArray<LiveSilo> Silos { get; init; } = [];

    /// <summary>What its silos did in the last second; null while that is not known.</summary>
    public LiveRates? Rates { get; init; }

    /// <summary>The same over the last ten seconds.</summary>
    public LiveRates? Recent { get; init; }

    /// <summary>How long the loads of the last ten seconds took, by the tier that answered them.</summary>
    public ImmutableArray<LiveLatency> Latency { get; init; } = [];
}

/// <summary>A node at one moment.</summary>
internal sealed record LiveNode
{
    public required string Name { get; init; }

    public string Address { get; init; } = "";

    public int Weight { get; init; }

    /// <summary>Whether it is on the ring.</summary>
    public bool IsUp { get; init; }

    /// <summary>Its share of the keys, 0 to 1.</summary>
    public double Share { get; init; }

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public string? Reason { get; init; }

    /// <summary>Since when it is on the ring, or off it.</summary>
    public long Since { get; init; }
}

/// <summary>A silo at one moment. While it does not answer, its gauges are those of its last answer.</summary>
internal sealed record LiveSilo
{
    public required string Name { get; init; }

    public bool Answers { get; init; }

    /// <summary>Why it does not answer, or null.</summary>
    public string? Problem { get; init; }

    /// <summary>Since when it answers, or does not.</summary>
    public long Since { get; init; }

    public long Copies { get; init; }

    public long Absences { get; init; }

    public long Bytes { get; init; }

    public long BudgetBytes { get; init; }

    /// <summary>The owners of slots that are active on it.</summary>
    public int Owners { get; init; }

    /// <summary>Whether its last query of the catalog has failed.</summary>
    public bool CatalogFailed { get; init; }

    /// <summary>The version of its program; null when it does not say.</summary>
    public string? Version { get; init; }

    /// <summary>How long another silo may take at most to answer its membership probe.</summary>
    public double MaxProbeTimeout { get; init; }

    /// <summary>What it did in the last second; null while that is not known.</summary>
    public LiveRates? Rates { get; init; }

    /// <summary>The same over the last ten seconds.</summary>
    public LiveRates? Recent { get; init; }
}

/// <summary>A key that is looked up often.</summary>
/// <param name="Key">The key.</param>
/// <param name="Rate">The lookups of it per second that reach a silo, at least.</param>
/// <param name="Share">Their share of all lookups that reach a silo, 0 to 1.</param>
/// <param name="Regions">The regions where it is looked up, the one that does most first.</param>
internal sealed record LiveHotKey(string Key, double Rate, double Share, ImmutableArray<string> Regions);

/// <summary>The way from a region to another one and back.</summary>
/// <param name="From">Whose silos have measured it.</param>
/// <param name="To">To where.</param>
/// <param name="Time">The round trip.</param>
/// <param name="First">The shortest round trip that was seen in the first half minute.</param>
internal sealed record LiveDistance(string From, string To, double Time, double First);

/// <summary>Something that has happened.</summary>
/// <param name="Id">Increases with each event of a server.</param>
/// <param name="At">When it was noticed.</param>
/// <param name="Kind">What kind of thing it is.</param>
/// <param name="Region">Where.</param>
/// <param name="Text">What happened, as a sentence without a full stop.</param>
internal sealed record LiveEvent(long Id, long At, LiveEventKind Kind, string Region, string Text);

/// <summary>The kinds of events.</summary>
internal enum LiveEventKind
{
    /// <summary>Something works again.</summary>
    Up,

    /// <summary>Something stopped working.</summary>
    Down,

    /// <summary>Something has changed that is no fault.</summary>
    Change,
}

/// <summary>What happened in one second.</summary>
/// <param name="At">Its end.</param>
/// <param name="Regions">For each region in the configured order, the numbers of <see cref="LiveRates.ToPoint"/>; null where they are not
/// known.</param>
/// <param name="EditWait">For how long the edits of the last ten seconds waited for the holders of leases, in milliseconds: half of them at
/// most, and 99 in 100 at most; null when there were none.</param>
internal sealed record LivePoint(long At, ImmutableArray<double[]?> Regions, double[]? EditWait = null);

/// <summary>A message to a viewer.</summary>
/// <param name="Snapshot">The state now.</param>
/// <param name="Point">The newest second; null in the first message.</param>
/// <param name="History">The seconds before; only in the first message.</param>
internal sealed record LiveMessage(LiveSnapshot Snapshot, LivePoint? Point, ImmutableArray<LivePoint>? History);

using System.Diagnostics.Metrics;
using OrleansCache.Telemetry;

namespace OrleansCache.Diagnostics;

/// <summary>
/// What a silo counts: statistics and metrics (<see cref="SiloMetrics"/>) show the same numbers. All members are thread-safe.
/// </summary>
internal sealed class SiloCounters
{
    private readonly long[] _hits = new long[Enum.GetValues<Tier>().Length * Spacing];
    private long _nodeReads;
    private long _formerNodeReads;
    private long _nodeFailures;
    private long _nodeWritesDropped;
    private long _catalogRows;
    private long _catalogQueries;
    private long _shed;
    private long _coalesced;
    private long _stale;
    private long _unleased;
    private long _revocations;
    private long _lapses;
    private readonly long[] _edits = new long[Enum.GetValues<EditOutcome>().Length];
    private readonly DurationHistogram[] _loads = [.. Enum.GetValues<Tier>().Select(_ => new DurationHistogram())];
    private readonly DurationHistogram _waits = new();
    private readonly Histogram<double> _loadDurations;
    private readonly Histogram<double> _editDurations;
    private readonly Histogram<double> _editWaits;
    private readonly Histogram<double> _nodeDurations;
    private readonly Histogram<double> _queryDurations;

    // Each tier's counter has a cache line of its own, so that counting one tier's hits does not slow down another's.
    private const int Spacing = 8;

    /// <summary>Counts, and publishes the durations of what is counted.</summary>
    /// <param name="meters">Makes the meter; null where nobody looks at it.</param>
    public SiloCounters(IMeterFactory? meters = null)
    {
        var meter = meters?.Create(TelemetryNames.Name) ?? new Meter(TelemetryNames.Name);
        var advice = new InstrumentAdvice<double> { HistogramBucketBoundaries = TelemetryNames.DurationBuckets };
        _loadDurations = meter.CreateHistogram(
            "orleanscache.silo.load.duration", "s", "Loads of entries that were not in the silo's memory.", tags: null, advice);
        _editDurations = meter.CreateHistogram(
            "orleanscache.owner.edit.duration", "s", "Edits, from their arrival at the owner.", tags: null, advice);
        _editWaits = meter.CreateHistogram(
            "orleanscache.owner.edit.wait", "s", "The part of an edit in which it waits for the holders of leases.", tags: null, advice);
        _nodeDurations = meter.CreateHistogram("orleanscache.node.duration", "s", "Reads of a region's nodes.", tags: null, advice);
        _queryDurations = meter.CreateHistogram("orleanscache.catalog.query.duration", "s", "Queries of the catalog.", tags: null, advice);
    }

    /// <summary>Lookups that joined a load of the same book that was in flight.</summary>
    public long Coalesced => Volatile.Read(ref _coalesced);

    /// <summary>Answers flagged as stale.</summary>
    public long Stale => Volatile.Read(ref _stale);

    /// <summary>Answers flagged as unleased.</summary>
    public long Unleased => Volatile.Read(ref _unleased);

    /// <summary>Leases that this silo's owners have revoked.</summary>
    public long Revocations => Volatile.Read(ref _revocations);

    /// <summary>Of these, those whose end had to be waited for, because their holder did not acknowledge.</summary>
    public long Lapses => Volatile.Read(ref _lapses);

    /// <summary>Edits that this silo's owners have made, by their outcome.</summary>
    public long Edits(EditOutcome outcome) => Volatile.Read(ref _edits[(int)outcome]);

    /// <summary>How long loads took that a tier has answered.</summary>
    public DurationHistogram Loads(Tier tier) => _loads[(int)tier];

    /// <summary>For how long edits have waited for the holders of leases.</summary>
    public DurationHistogram EditWaits => _waits;

    /// <summary>Counts a lookup that joined a load.</summary>
    public void CountCoalesced() => Interlocked.Increment(ref _coalesced);

    /// <summary>Counts a load.</summary>
    public void CountLoad(Tier tier, LookupFlags flags, TimeSpan elapsed)
    {
        if (flags.HasFlag(LookupFlags.Stale))
            Interlocked.Increment(ref _stale);
        if (flags.HasFlag(LookupFlags.Unleased))
            Interlocked.Increment(ref _unleased);
        _loads[(int)tier].Add(elapsed);
        if (_loadDurations.Enabled)
            _loadDurations.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>(TelemetryNames.Tier, TelemetryNames.Of(tier)));
    }

    /// <summary>Counts an edit.</summary>
    public void CountEdit(EditOutcome outcome, TimeSpan elapsed)
    {
        Interlocked.Increment(ref _edits[(int)outcome]);
        _editDurations.Record(
            elapsed.TotalSeconds, new KeyValuePair<string, object?>(TelemetryNames.Result, TelemetryNames.Of(outcome)));
    }

    /// <summary>Notes for how long an edit has waited for holders of leases.</summary>
    public void CountEditWait(TimeSpan waited)
    {
        _waits.Add(waited);
        _editWaits.Record(waited.TotalSeconds);
    }

    /// <summary>Counts leases of one holder that were revoked.</summary>
    /// <param name="count">How many.</param>
    /// <param name="isAcknowledged">Whether the holder has acknowledged it; otherwise their end was waited for.</param>
    public void CountRevocation(int count, bool isAcknowledged)
    {
        Interlocked.Add(ref _revocations, count);
        if (!isAcknowledged)
            Interlocked.Add(ref _lapses, count);
    }

    /// <summary>Notes how long a read of a node took.</summary>
    public void CountNodeCall(string node, string result, TimeSpan elapsed)
    {
        if (_nodeDurations.Enabled)
            _nodeDurations.Record(elapsed.TotalSeconds, new(TelemetryNames.Node, node), new(TelemetryNames.Result, result));
    }

    /// <summary>Notes how long a query of the catalog took.</summary>
    public void CountQueryTime(TimeSpan elapsed, bool hasFailed) => _queryDurations.Record(
        elapsed.TotalSeconds, new KeyValuePair<string, object?>(TelemetryNames.Result, hasFailed ? "failed" : "done"));

    /// <summary>Reads sent to the region's nodes.</summary>
    public long NodeReads => Volatile.Read(ref _nodeReads);

    /// <summary>Of these, those that asked the node that a key belonged to before the ring changed.</summary>
    public long FormerNodeReads => Volatile.Read(ref _formerNodeReads);

    /// <summary>Calls to nodes that failed.</summary>
    public long NodeFailures => Volatile.Read(ref _nodeFailures);

    /// <summary>Writes to nodes that were dropped because the queue was full.</summary>
    public long NodeWritesDropped => Volatile.Read(ref _nodeWritesDropped);

    /// <summary>Lookups refused because the silo had too many loads in flight.</summary>
    public long Shed => Volatile.Read(ref _shed);

    /// <summary>Rows read from the catalog.</summary>
    public long CatalogRows => Volatile.Read(ref _catalogRows);

    /// <summary>Queries that read them, and those for the changes of the catalog.</summary>
    public long CatalogQueries => Volatile.Read(ref _catalogQueries);

    /// <summary>Lookups answered by a tier.</summary>
    public long Hits(Tier tier) => Volatile.Read(ref _hits[(int)tier * Spacing]);

    /// <summary>Counts a lookup by the tier that answered it.</summary>
    public void CountHit(Tier tier) => Interlocked.Increment(ref _hits[(int)tier * Spacing]);

    /// <summary>Counts a refused lookup.</summary>
    public void CountShed() => Interlocked.Increment(ref _shed);

    /// <summary>Counts a read sent to a node.</summary>
    public void CountNodeRead() => Interlocked.Increment(ref _nodeReads);

    /// <summary>Counts that a node is read because a key belonged to it before the ring changed.</summary>
    public void CountFormerNodeRead() => Interlocked.Increment(ref _formerNodeReads);

    /// <summary>Counts a failed call to a node.</summary>
    public void CountNodeFailure() => Interlocked.Increment(ref _nodeFailures);

    /// <summary>Counts a write that was dropped.</summary>
    public void CountNodeWriteDropped() => Interlocked.Increment(ref _nodeWritesDropped);

    /// <summary>Counts a query of the catalog.</summary>
    public void CountCatalogQuery(int rows)
    {
        Interlocked.Increment(ref _catalogQueries);
        Interlocked.Add(ref _catalogRows, rows);
    }
}

using System.Diagnostics.Metrics;
using OrleansCache.Telemetry;

namespace OrleansCache.Client;

/// <summary>The metrics of a client, in .NET's own way; docs/metrics.md explains each. Thread-safe.</summary>
internal sealed class ClientMetrics
{
    private readonly Histogram<double> _lookups;
    private readonly Histogram<double> _edits;
    private readonly Counter<long> _flagged;
    private long _hedged;
    private long _coalesced;
    private long _refused;

    /// <summary>Publishes them.</summary>
    /// <param name="meters">Makes the meter.</param>
    /// <param name="near">The near cache; null when the client has none.</param>
    /// <param name="regions">The regions, and what is believed of them.</param>
    public ClientMetrics(IMeterFactory meters, NearCache? near, RegionStates regions)
    {
        var meter = meters.Create(TelemetryNames.Name);
        var advice = new InstrumentAdvice<double> { HistogramBucketBoundaries = TelemetryNames.DurationBuckets };
        _lookups = meter.CreateHistogram(
            "orleanscache.client.lookup.duration", "s", "Lookups that the near cache had no answer for.", tags: null, advice);
        _edits = meter.CreateHistogram("orleanscache.client.edit.duration", "s", "Edits, with their wait for readers.", tags: null, advice);
        meter.CreateObservableCounter(
            "orleanscache.client.lookup.hedges",
            () => Volatile.Read(ref _hedged),
            "{request}",
            "Requests to a further silo or region, because one was silent or has failed.");
        meter.CreateObservableCounter(
            "orleanscache.client.lookup.coalesced",
            () => Volatile.Read(ref _coalesced),
            "{lookup}",
            "Lookups that joined one of the same key that was in flight.");
        meter.CreateObservableCounter(
            "orleanscache.client.lookup.refused",
            () => Volatile.Read(ref _refused),
            "{lookup}",
            "Lookups that were refused because too many were in flight.");
        _flagged = meter.CreateCounter<long>(
            "orleanscache.client.lookup.flagged", "{lookup}", "Lookups whose answer had to give something up.");
        var name = new KeyValuePair<string, object?>(TelemetryNames.CacheName, "orleanscache.near");
        if (near is not null)
        {
            var hit = new KeyValuePair<string, object?>(TelemetryNames.RequestType, "hit");
            var miss = new KeyValuePair<string, object?>(TelemetryNames.RequestType, "miss");
            meter.CreateObservableCounter(
                "dotnet.cache.requests",
                () => (Measurement<long>[])[new(near.Hits, name, hit), new(near.Misses, name, miss)],
                "{request}",
                "Lookups by whether the near cache had an answer.");
            meter.CreateObservableUpDownCounter(
                "dotnet.cache.entries", () => new Measurement<long>(near.Statistics.Copies, name), "{entry}", "Entries of the near cache.");
            meter.CreateObservableUpDownCounter(
                "dotnet.cache.estimated_size", () => new Measurement<long>(near.Statistics.Bytes, name), "By", "The bytes that they take.");
            meter.CreateObservableCounter(
                "dotnet.cache.evictions",
                () => new Measurement<long>(near.Statistics.Evictions, name),
                "{entry}",
                "Entries that left the near cache because there was no room for them.");
        }

        meter.CreateObservableGauge(
            "orleanscache.client.region.round_trip",
            () => regions.RoundTrips().Select(known =>
                new Measurement<double>(known.Time.TotalSeconds, KeyValuePair.Create(TelemetryNames.Region, (object?)known.Region))),
            "s",
            "The shortest of the last round trips to a region's gateways.");
        meter.CreateObservableGauge(
            "orleanscache.client.region.status",
            () => regions.All().Select(region => new Measurement<int>(
                region.State.IsLast ? 0 : 1, KeyValuePair.Create(TelemetryNames.Region, (object?)region.Name))),
            "1",
            "Whether a region answers: 1 if so, 0 when it is silent or lost.");
    }

    /// <summary>Counts a lookup that was answered.</summary>
    public void Looked(LookupResult result)
    {
        if (_lookups.Enabled)
        {
            _lookups.Record(
                result.Elapsed.TotalSeconds,
                new(TelemetryNames.Tier, TelemetryNames.Of(result.Tier)),
                new(TelemetryNames.Region, result.Region),
                new(TelemetryNames.Result, result.Found ? "found" : "absent"));
        }

        if (result.Flags.HasFlag(LookupFlags.Stale))
            _flagged.Add(1, new KeyValuePair<string, object?>(TelemetryNames.Flag, "stale"));
        if (result.Flags.HasFlag(LookupFlags.Unleased))
            _flagged.Add(1, new KeyValuePair<string, object?>(TelemetryNames.Flag, "unleased"));
    }

    /// <summary>Counts a lookup that has failed.</summary>
    public void Failed(string region, TimeSpan elapsed)
    {
        if (_lookups.Enabled)
            _lookups.Record(elapsed.TotalSeconds, new(TelemetryNames.Region, region), new(TelemetryNames.Result, "failed"));
    }

    /// <summary>Counts a request that was sent because another one was silent or has failed.</summary>
    public void Hedged() => Interlocked.Increment(ref _hedged);

    /// <summary>Counts a lookup that joined another one.</summary>
    public void Coalesced() => Interlocked.Increment(ref _coalesced);

    /// <summary>Counts a lookup that was refused.</summary>
    public void Refused() => Interlocked.Increment(ref _refused);

    /// <summary>Counts an edit.</summary>
    /// <param name="result">How it has ended: created, updated, removed, unchanged, conflict, failed or unknown.</param>
    /// <param name="elapsed">How long it took.</param>
    public void Edited(string result, TimeSpan elapsed) =>
        _edits.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>(TelemetryNames.Result, result));
}

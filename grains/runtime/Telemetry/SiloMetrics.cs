using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using OrleansCache.Diagnostics;
using OrleansCache.Entries;
using OrleansCache.Lookups;
using OrleansCache.Owners;
using OrleansCache.Redis;
using OrleansCache.Timing;
using OrleansCache.Topology;

namespace OrleansCache.Telemetry;

/// <summary>
/// Publishes what a silo counts and holds as metrics, which are read only when somebody collects them. docs/metrics.md explains each.
/// </summary>
internal sealed class SiloMetrics(
    IMeterFactory meters,
    SiloCounters counters,
    LeasedEntryTable entries,
    RegionRoutes routes,
    RegionMap regions,
    RoundTrips roundTrips,
    OwnerMoves owners,
    CatalogReader catalog,
    NodeWriter writer,
    LoadAdmission admission,
    ProcessLag lag) : IHostedService
{
    private static readonly Tier[] Tiers = [Tier.Silo, Tier.Redis, Tier.Owner, Tier.Catalog];

    private readonly Meter _meter = meters.Create(TelemetryNames.Name);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Publish();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Publish()
    {
        _meter.CreateObservableCounter(
            "orleanscache.silo.lookups",
            () => Tiers.Select(tier => Tagged(counters.Hits(tier), TelemetryNames.Tier, TelemetryNames.Of(tier))),
            "{lookup}",
            "Lookups that the silo has answered, by where it found the answer.");
        Count("orleanscache.silo.lookups.coalesced", "{lookup}", "Lookups that joined a load in flight.", () => counters.Coalesced);
        Count("orleanscache.silo.lookups.shed", "{lookup}", "Lookups refused because there was too much to load.", () => counters.Shed);
        _meter.CreateObservableCounter(
            "orleanscache.silo.lookups.flagged",
            () => (Measurement<long>[])
            [
                Tagged(counters.Stale, TelemetryNames.Flag, "stale"), Tagged(counters.Unleased, TelemetryNames.Flag, "unleased"),
            ],
            "{lookup}",
            "Answers that had to give something up.");
        Gauge("orleanscache.silo.loads.in_flight", "{load}", "Loads in flight.", () => admission.InFlight);
        PublishEntries();
        PublishOwners();
        PublishCatalog();
        PublishNodes();
        _meter.CreateObservableGauge(
            "orleanscache.region.round_trip",
            () => regions.Names.Select(name => (Region: name, Time: roundTrips.To(name).Shortest))
                .Where(known => known.Time is not null)
                .Select(known => new Measurement<double>(
                    known.Time!.Value.TotalSeconds, KeyValuePair.Create(TelemetryNames.Region, (object?)known.Region))),
            "s",
            "The shortest of the last round trips between the silo and a region.");
        _meter.CreateObservableGauge(
            "orleanscache.process.lag", () => lag.Current.TotalSeconds, "s", "How late the process was at most within the last second.");
    }

    private void PublishEntries()
    {
        Gauge("orleanscache.silo.entries", "{entry}", "Entries in memory.", () => entries.Statistics().Copies);
        Gauge("orleanscache.silo.absences", "{entry}", "Entries that say that there is no such book.", () => entries.Statistics().Absences);
        Gauge("orleanscache.silo.memory", "By", "The bytes that entries take.", () => entries.Statistics().Bytes);
        Gauge("orleanscache.silo.memory.limit", "By", "The bytes that they may take.", () => entries.BudgetBytes);
        _meter.CreateObservableCounter(
            "orleanscache.silo.evictions",
            () => entries.Statistics() is var held
                ? (Measurement<long>[])
                [
                    Tagged(held.Evictions, TelemetryNames.Reason, "room"),
                    Tagged(held.Expirations, TelemetryNames.Reason, "expired"),
                    Tagged(held.NotKept, TelemetryNames.Reason, "not_kept"),
                ]
                : [],
            "{entry}",
            "Entries that have left memory, or were not kept, by the reason.");
    }

    private void PublishOwners()
    {
        Gauge("orleanscache.owner.slots", "{slot}", "Slots whose owner is on the silo.", () => owners.Owners);
        _meter.CreateObservableCounter(
            "orleanscache.owner.edits",
            () => Enum.GetValues<EditOutcome>()
                .Select(outcome => Tagged(counters.Edits(outcome), TelemetryNames.Result, TelemetryNames.Of(outcome))),
            "{edit}",
            "Edits by their outcome.");
        Count("orleanscache.owner.revocations", "{lease}", "Leases that owners have revoked for edits.", () => counters.Revocations);
        Count("orleanscache.owner.lapses", "{lease}", "Those whose end was waited for, as nobody acknowledged.", () => counters.Lapses);
    }

    private void PublishCatalog()
    {
        Count("orleanscache.catalog.queries", "{query}", "Queries of the catalog.", () => counters.CatalogQueries);
        Count("orleanscache.catalog.rows", "{row}", "Rows read for lookups.", () => counters.CatalogRows);
        Gauge("orleanscache.catalog.queue", "{row}", "Reads that wait for a query.", () => catalog.Waiting);
        Gauge("orleanscache.catalog.up", "1", "Whether the last query has worked.", () => catalog.HasFailed ? 0 : 1);
    }

    private void PublishNodes()
    {
        _meter.CreateObservableGauge(
            "orleanscache.node.up",
            () => routes.Nodes().Select(node => Tagged(node.Health.State == NodeState.Down ? 0 : 1, TelemetryNames.Node, node.Name)),
            "1",
            "Whether the silo reads from a node of its region: 0 while it is down.");
        _meter.CreateObservableGauge(
            "orleanscache.node.degraded",
            () => routes.Nodes().Select(
                node => Tagged(node.Health.State == NodeState.Degraded ? 1 : 0, TelemetryNames.Node, node.Name)),
            "1",
            "Whether a part of a node is not used: it refuses writes, or a shard of its Redis Cluster is lost.");
        _meter.CreateObservableGauge(
            "orleanscache.node.share",
            () => routes.Shares().Select(node => new Measurement<double>(
                node.Share, KeyValuePair.Create(TelemetryNames.Node, (object?)node.Name))),
            "1",
            "The part of the keys that belongs to a node of the region.");
        Count("orleanscache.node.reads", "{call}", "Reads sent to nodes.", () => counters.NodeReads);
        Count(
            "orleanscache.node.reads.former",
            "{call}",
            "Those of the node that a key belonged to before the ring changed.",
            () => counters.FormerNodeReads);
        Count("orleanscache.node.failures", "{call}", "Calls of nodes that have failed.", () => counters.NodeFailures);
        Count(
            "orleanscache.node.writes.dropped", "{call}", "Writes that found the queue full, or a node that takes none.",
            () => counters.NodeWritesDropped);
        Gauge("orleanscache.node.queue", "{call}", "Writes that wait.", () => writer.Waiting);
        Gauge("orleanscache.ring.version", "1", "The version of the region's ring.", () => routes.Version);
    }

    private void Count(string name, string unit, string description, Func<long> value) =>
        _meter.CreateObservableCounter(name, value, unit, description);

    private void Gauge(string name, string unit, string description, Func<long> value) =>
        _meter.CreateObservableGauge(name, value, unit, description);

    private static Measurement<long> Tagged(long value, string tag, string text) => new(value, KeyValuePair.Create(tag, (object?)text));
}

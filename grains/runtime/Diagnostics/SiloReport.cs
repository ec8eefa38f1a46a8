using System.Reflection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansCache.Entries;
using OrleansCache.Owners;
using OrleansCache.Topology;

namespace OrleansCache.Diagnostics;

/// <summary>Collects the statistics of a silo.</summary>
internal sealed class SiloReport(
    ILocalSiloDetails silo,
    RegionRoutes routes,
    RegionMap regions,
    RoundTrips roundTrips,
    LeasedEntryTable entries,
    SiloCounters counters,
    OwnerMoves owners,
    CatalogReader catalog,
    IOptions<ClusterMembershipOptions> membership)
{
    private static readonly Tier[] LoadTiers = [Tier.Silo, Tier.Redis, Tier.Owner, Tier.Catalog];

    // What follows a plus sign is the commit.
    private static readonly string? Version = typeof(SiloReport).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];

    public SiloStatistics Make()
    {
        var table = entries.Statistics();
        return new()
        {
            Silo = silo.Name,
            Region = routes.Region,
            RingVersion = routes.Version,
            Copies = table.Copies,
            Absences = table.Absences,
            Bytes = table.Bytes,
            BudgetBytes = entries.BudgetBytes,
            GrainHits = counters.Hits(Tier.Silo),
            RedisHits = counters.Hits(Tier.Redis),
            OwnerHits = counters.Hits(Tier.Owner),
            CatalogHits = counters.Hits(Tier.Catalog),
            NodeReads = counters.NodeReads,
            FormerNodeReads = counters.FormerNodeReads,
            NodeFailures = counters.NodeFailures,
            NodeWritesDropped = counters.NodeWritesDropped,
            CatalogRows = counters.CatalogRows,
            CatalogQueries = counters.CatalogQueries,
            Evictions = table.Evictions,
            Expirations = table.Expirations,
            NotKept = table.NotKept,
            Shed = counters.Shed,
            Owners = owners.Owners,
            RoundTrips = [.. regions.Names.Select(region => new RegionRoundTrip(region, roundTrips.To(region).Shortest))],
            MaxProbeTimeout = membership.Value.MaxProbeTimeout,
            Coalesced = counters.Coalesced,
            Stale = counters.Stale,
            Unleased = counters.Unleased,
            Edits = Enum.GetValues<EditOutcome>().Sum(counters.Edits),
            Revocations = counters.Revocations,
            Lapses = counters.Lapses,
            Loads = [.. LoadTiers.Select(tier => new TierLoads(tier, counters.Loads(tier).Counts()))],
            EditWaits = counters.EditWaits.Counts(),
            CatalogFailed = catalog.HasFailed,
            Version = Version,
            NodeTroubles = [.. routes.Troubles()],
        };
    }
}

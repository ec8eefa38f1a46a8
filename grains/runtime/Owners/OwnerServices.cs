using Microsoft.Extensions.Options;
using OrleansCache.Catalogs;
using OrleansCache.Configuration;
using OrleansCache.Diagnostics;
using OrleansCache.Entries;
using OrleansCache.Leases;
using OrleansCache.Placement;

namespace OrleansCache.Owners;

/// <summary>What the owners of a silo share.</summary>
internal sealed record OwnerServices(
    CatalogReader Reader,
    ICatalog Catalog,
    RecentRows Recent,
    RegionalSilos Silos,
    Departures Departures,
    Revoker Revoker,
    LeaseTimes Times,
    IOptions<CacheOptions> Options,
    Clock Clock,
    ActivationLog Activations,
    IEditPoints Points)
{
    public CacheOptions Settings { get; } = Options.Value;
}

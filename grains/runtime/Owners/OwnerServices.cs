using Microsoft.Extensions.Options;
using OrleansCache.Catalogs;
using OrleansCache.Configuration;
using OrleansCache.Diagnostics;
using OrleansCache.Entries;
using OrleansCache.Leases;
using OrleansCache.Placement;

namespace OrleansCache.Owners;

/// <summary>What the owners of a silo share.</summary>
internal sealed class OwnerServices(
    CatalogReader reader,
    ICatalog catalog,
    RecentRows recent,
    RegionalSilos silos,
    Departures departures,
    Revoker revoker,
    LeaseTimes times,
    IOptions<CacheOptions> settings,
    Clock clock,
    ActivationLog activations,
    IEditPoints points)
{
    public CatalogReader Reader => reader;

    public ICatalog Catalog => catalog;

    public RecentRows Recent => recent;

    public RegionalSilos Silos => silos;

    public Departures Departures => departures;

    public Revoker Revoker => revoker;

    public LeaseTimes Times => times;

    public CacheOptions Settings { get; } = settings.Value;

    public Clock Clock => clock;

    public ActivationLog Activations => activations;

    public IEditPoints Points => points;
}

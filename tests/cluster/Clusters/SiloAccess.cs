using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using OrleansCache.Diagnostics;
using OrleansCache.Entries;
using OrleansCache.Owners;
using OrleansCache.Placement;
using OrleansCache.Redis;
using OrleansCache.TestSupport;
using OrleansCache.Topology;

namespace OrleansCache.Tests.Clusters;

/// <summary>Access to the services of a silo in a test's cluster.</summary>
public sealed record SiloAccess(InProcessSiloHandle Handle)
{
    private readonly IServiceProvider _services = Handle.SiloHost.Services;

    public string Name => _services.GetRequiredService<ILocalSiloDetails>().Name;

    public SiloAddress Address => Handle.SiloAddress;

    public string Region => SiloName.RegionOf(Name)!;

    public CatalogProbe Catalog => _services.GetRequiredService<CatalogProbe>();

    public ManualClock Clock => _services.GetRequiredService<ManualClock>();

    /// <summary>Calls grains as the silo's own programs do.</summary>
    public IGrainFactory Grains => _services.GetRequiredService<IGrainFactory>();

    internal LeasedEntryTable Entries => _services.GetRequiredService<LeasedEntryTable>();

    internal EntryScope Scope => _services.GetRequiredService<EntryScope>();

    internal RegionRoutes Routes => _services.GetRequiredService<RegionRoutes>();

    internal SiloCounters Counters => _services.GetRequiredService<SiloCounters>();

    internal CatalogReader Reader => _services.GetRequiredService<CatalogReader>();

    internal RegionalSilos Members => _services.GetRequiredService<RegionalSilos>();

    internal OwnerPlaces Owners => _services.GetRequiredService<OwnerPlaces>();

    /// <summary>The owners that live on it now.</summary>
    internal int OwnersHere => _services.GetRequiredService<OwnerMoves>().Owners;
}

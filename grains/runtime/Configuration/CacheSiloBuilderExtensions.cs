using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime.GrainDirectory;
using Orleans.Runtime.Hosting;
using Orleans.Serialization.Configuration;
using OrleansCache.Access;
using OrleansCache.Administration;
using OrleansCache.Catalogs;
using OrleansCache.Diagnostics;
using OrleansCache.Entries;
using OrleansCache.Leases;
using OrleansCache.Lookups;
using OrleansCache.Owners;
using OrleansCache.Placement;
using OrleansCache.Redis;
using OrleansCache.Telemetry;
using OrleansCache.Timing;
using OrleansCache.Topology;

namespace OrleansCache.Configuration;

/// <summary>Makes a silo a part of the cache.</summary>
public static class CacheSiloBuilderExtensions
{
    /// <summary>How long the deactivation of a grain may take; shorter than the shutdown of a silo.</summary>
    private static readonly TimeSpan Deactivation = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Adds the grains of the cache and the services that they use, and configures Orleans as they need it. The application still chooses
    /// transport, membership table and failure detection. The settings come from the configuration section
    /// <see cref="CacheOptions.Section"/> and are validated at start. The silo's name must contain its region (see
    /// <see cref="SiloName"/>). Services that are registered before are used as they are: <see cref="Clock"/>, and
    /// <see cref="ICatalog"/> with <see cref="ITopologyStore"/>.
    /// </summary>
    public static ISiloBuilder AddOrleansCache(this ISiloBuilder silo)
    {
        ArgumentNullException.ThrowIfNull(silo);
        silo.Services.AddOptions<CacheOptions>().Bind(silo.Configuration.GetSection(CacheOptions.Section)).ValidateOnStart();
        silo.Services.AddSingleton<IValidateOptions<CacheOptions>, CacheOptionsValidator>();
        return silo.AddServices(silo.Configuration.GetSection(CacheOptions.Section).GetValue<bool>(nameof(CacheOptions.PropagateTraces)));
    }

    /// <summary>As the public overload, with options that the caller has bound and validated.</summary>
    internal static ISiloBuilder AddOrleansCache(this ISiloBuilder silo, CacheOptions options)
    {
        silo.Services.AddSingleton(Options.Create(options));
        return silo.AddServices(options.PropagateTraces);
    }

    private static ISiloBuilder AddServices(this ISiloBuilder silo, bool propagatesTraces)
    {
        silo.ConfigureOrleans();
        silo.AddIncomingGrainCallFilter<ClientCallFilter>();
        if (propagatesTraces)
            silo.AddActivityPropagation();
        var services = silo.Services;
        services.TryAddSingleton(Clock.System);
        services.AddSingleton(provider => OptionsOf(provider).Node);
        services.TryAddSingleton<MemoryServers>();
        services.AddSingleton(provider => new EntryScope(
            provider.GetRequiredService<IOptions<ClusterOptions>>().Value.ClusterId,
            RegionOfThisSilo(provider),
            OptionsOf(provider).Node.EntrySecret));
        services.TryAddSingleton<INodeFactory, NodeFactory>();
        AddCatalog(services);

        services.AddSingleton(provider => OptionsOf(provider).MapRegions());
        services.AddMetrics();
        services.AddSingleton(provider => new SiloCounters(provider.GetRequiredService<IMeterFactory>()));
        services.AddSingleton<HotKeys>();
        services.AddHostedService<SiloMetrics>();
        services.AddSingleton<SiloReport>();
        services.AddSingleton(MakeTable);
        services.AddSingleton(provider => new RegionRoutes(
            RegionOfThisSilo(provider),
            provider.GetRequiredService<INodeFactory>(),
            OptionsOf(provider).TimeToLive,
            provider.GetRequiredService<Clock>()));
        services.AddSingleton<SettingsTopology>();
        services.AddSingleton<NodeWriter>();
        services.AddSingleton<CatalogReader>();
        services.AddSingleton<ChangeFeed>();
        services.AddSingleton<RecentRows>();
        services.AddSingleton<SilentSilos>();
        services.AddSingleton<OwnerClient>();
        AddLeases(services);
        services.AddSingleton<EntryLoader>();
        services.AddSingleton<LoadAdmission>();
        services.AddSingleton<LookupAnswers>();
        services.AddSingleton<ActivationLog>();
        services.AddSingleton<RegionalSilos>();
        services.AddSingleton<OwnerPlaces>();
        services.AddSingleton(new OwnerMoves(TimeProvider.System));
        services.AddSingleton<ComputedPlaces>();
        services.AddSingleton<IGrainDirectoryCache>(provider => provider.GetRequiredService<ComputedPlaces>());
        services.AddGrainDirectory(ComputedPlaces.Name, static (provider, _) => provider.GetRequiredService<ComputedPlaces>());
        services.TryAddSingleton(_ => new ProcessLag(TimeProvider.System));
        services.TryAddSingleton<RoundTrips>();
        services.AddSingleton<RegionInspector>();
        services.AddPlacementDirector<BookPlacement, RegionPlacementDirector>();
        services.AddPlacementDirector<RegionPlacement, RegionPlacementDirector>();
        services.AddPlacementDirector<HomePlacement, HomePlacementDirector>();
        services.AddPlacementDirector<SiloPlacement, SiloPlacementDirector>();
        services.AddHostedService<CatalogStart>();
        services.AddHostedService<RingFollower>();
        services.AddHostedService<RoundTripProbe>();
        services.AddHostedService<OwnerAddresses>();
        return silo;
    }

    private static void ConfigureOrleans(this ISiloBuilder silo)
    {
        // The silo does not start when a type of a grain's parameter or result cannot be serialized.
        silo.Configure<TypeManifestOptions>(types => types.EnableConfigurationAnalysis = true);
#pragma warning disable ORLEANSEXP003 // The default directory may activate a grain twice for a while when silos come and go.
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
        // The directory would refuse to activate a dead silo's grains elsewhere for half a minute, in case the silo only seems to be dead.
        // Readers cannot wait that long, and a second activation of a grain gives no answer that a single one would not give.
        silo.Configure<GrainDirectoryOptions>(directory => directory.RangeLeaseDuration = TimeSpan.Zero);
        // The grain of a book whose load has failed is deactivated, and the lookups that wait for it are forwarded to the next one, which
        // may fail, too. Each takes another load; by default Orleans rejects what was forwarded twice.
        silo.Configure<SiloMessagingOptions>(messages => messages.MaxForwardCount = 8);
        // A grain that is deactivated leaves the directory at another silo. When all silos stop at once that silo may be gone already.
        silo.Configure<GrainCollectionOptions>(collection => collection.DeactivationTimeout = Deactivation);
    }

    private static void AddLeases(IServiceCollection services)
    {
        services.AddSingleton(provider => new LeaseTimes(OptionsOf(provider).Leases));
        services.AddSingleton<Departures>();
        services.AddSingleton<Revoker>();
        services.AddSingleton<NearClients>();
        services.AddSingleton<Confirmations>();
        services.AddSingleton(provider => new VolumeLeases(OptionsOf(provider).Slots, isOpen: false));
        services.AddSingleton<OwnerServices>();
        services.TryAddSingleton<IEditPoints, NoEditPoints>();
        services.TryAddSingleton<ILoadPoints, NoLoadPoints>();
        services.AddHostedService<LeaseKeeper>();
    }

    private static CacheOptions OptionsOf(IServiceProvider provider) => provider.GetRequiredService<IOptions<CacheOptions>>().Value;

    private static LeasedEntryTable MakeTable(IServiceProvider provider)
    {
        var options = OptionsOf(provider);
        // Longer than the period in which they are prolonged, and than a renewal that is late.
        var prolong = options.Leases.RenewWhileUsedWithin > TimeSpan.Zero
            ? new ProlongRules(Before: 5_000, (long)options.Leases.RenewWhileUsedWithin.TotalMilliseconds)
            : null;
        return new(provider.GetRequiredService<Clock>(), options.MemoryBudgetBytes, options.Slots, prolong);
    }

    private static void AddCatalog(IServiceCollection services)
    {
        // An application's own catalog replaces the built-in ones.
        if (services.Any(service => service.ServiceType == typeof(ICatalog)))
            return;
        services.TryAddSingleton(provider => CatalogFactory.Create(OptionsOf(provider).Catalog));
        services.AddSingleton<ICatalog>(provider => provider.GetRequiredService<ICatalogStore>());
        services.AddSingleton<ITopologyStore>(provider => provider.GetRequiredService<ICatalogStore>());
    }

    private static string RegionOfThisSilo(IServiceProvider provider)
    {
        var name = provider.GetRequiredService<ILocalSiloDetails>().Name;
        var regions = provider.GetRequiredService<RegionMap>();
        return SiloName.RegionOf(name) is { } region && regions.Contains(region)
            ? region
            : throw new UnknownRegionException(
                $"The silo's name \"{name}\" contains no configured region; name it REGION.N with one of "
                + $"{string.Join(", ", regions.Names)}.");
    }
}

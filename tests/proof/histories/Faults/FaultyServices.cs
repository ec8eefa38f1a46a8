using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansCache.Catalogs;
using OrleansCache.Configuration;
using OrleansCache.Owners;
using OrleansCache.Proof.Schedules;

namespace OrleansCache.Proof.Faults;

/// <summary>Adds the fault injection to a silo.</summary>
internal static class FaultyServices
{
    /// <summary>The setting, in the cache's section, with the folder of the <see cref="FaultOrders"/>.</summary>
    public const string Folder = "Faults:Folder";

    /// <summary>The setting with the seed of the random choices.</summary>
    public const string Seed = "Faults:Seed";

    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(CacheOptions.Section);
        var orders = new FaultOrders(section[Folder] ?? throw new InvalidOperationException($"{Folder} is not set."));
        var seed = section.GetValue<ulong>(Seed);
        services.AddSingleton(provider => new CatalogFaults(
            CatalogFactory.Create(provider.GetRequiredService<IOptions<CacheOptions>>().Value.Catalog), orders, new SplitMix64(seed)));
        services.AddSingleton<ICatalog>(provider => provider.GetRequiredService<CatalogFaults>());
        services.AddSingleton<ITopologyStore>(provider => provider.GetRequiredService<CatalogFaults>());
        services.AddSingleton<IEditPoints>(new DeadlyPoints(orders));
        services.AddSingleton<IOutgoingGrainCallFilter>(provider => new MessageFaults(orders, NameOf(provider), seed));
        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<Evictions>(provider, orders, NameOf(provider)));
    }

    private static string NameOf(IServiceProvider provider) => provider.GetRequiredService<ILocalSiloDetails>().Name;
}

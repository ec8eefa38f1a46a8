using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.TestingHost;
using OrleansCache.Catalogs;
using OrleansCache.Configuration;
using OrleansCache.Entries;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Clusters;

/// <summary>Makes a test cluster's silo a silo of the cache, with a name that tells its region and a probe before its catalog.</summary>
public sealed class CacheSiloConfigurator : ISiloConfigurator
{
    /// <summary>The setting under which the names of the silos stand, in the order in which they are started.</summary>
    public const string Names = "Test:Silos";

    /// <summary>The setting that says whether the silos' clocks stand still until the test advances them.</summary>
    public const string StoppedClocks = "Test:StoppedClocks";

    private const string Secondary = "Secondary_";

    public void Configure(ISiloBuilder siloBuilder)
    {
        var names = siloBuilder.Configuration.GetSection(Names).GetChildren().Select(name => name.Value!).ToArray();
        siloBuilder.Services.PostConfigure<SiloOptions>(options => options.SiloName = names[OrdinalOf(options.SiloName)]);
        siloBuilder.Services.AddSingleton(provider =>
            new CatalogProbe(CatalogFactory.Create(provider.GetRequiredService<IOptions<CacheSettings>>().Value.Catalog)));
        siloBuilder.Services.AddSingleton<ICatalog>(provider => provider.GetRequiredService<CatalogProbe>());
        siloBuilder.Services.AddSingleton<ITopologyStore>(provider => provider.GetRequiredService<CatalogProbe>());
        if (siloBuilder.Configuration.GetValue<bool>(StoppedClocks))
        {
            siloBuilder.Services.AddSingleton<ManualClock>();
            siloBuilder.Services.AddSingleton<Clock>(provider => provider.GetRequiredService<ManualClock>());
        }

        siloBuilder.AddOrleansCache();
    }

    // TestingHost names them Primary, Secondary_1, Secondary_2 and so on.
    private static int OrdinalOf(string name) =>
        name.StartsWith(Secondary, StringComparison.Ordinal) ? int.Parse(name.AsSpan(Secondary.Length), CultureInfo.InvariantCulture) : 0;
}

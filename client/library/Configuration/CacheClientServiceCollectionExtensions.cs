using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OrleansCache;
using OrleansCache.Client;
using OrleansCache.Entries;
using OrleansCache.Timing;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the book cache to an application.</summary>
public static class CacheClientServiceCollectionExtensions
{
    /// <summary>The configuration section of the options.</summary>
    public const string SectionName = "OrleansCache";

    /// <summary>
    /// Adds <see cref="IBookCache"/> and <see cref="ICacheOperations"/>. The application's host connects to the regions when it starts,
    /// waits for them no longer than <see cref="CacheClientOptions.Deadline"/>, and goes on trying those that it cannot reach. Without a
    /// host, the first use connects.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the options.</param>
    public static IServiceCollection AddBookCache(this IServiceCollection services, Action<CacheClientOptions> configure)
    {
        services.AddOptions<CacheClientOptions>().Configure(configure).ValidateOnStart();
        return services.AddBookCacheCore();
    }

    /// <summary>
    /// As <see cref="AddBookCache(IServiceCollection, Action{CacheClientOptions})"/>, with the options of a configuration section.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="section">The section, usually <see cref="SectionName"/>.</param>
    public static IServiceCollection AddBookCache(this IServiceCollection services, IConfiguration section)
    {
        services.AddOptions<CacheClientOptions>().Bind(section).ValidateOnStart();
        return services.AddBookCacheCore();
    }

    private static IServiceCollection AddBookCacheCore(this IServiceCollection services)
    {
        services.AddLogging();
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CacheClientOptions>, CacheClientOptionsValidator>());
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<CacheClientOptions>>().Value.ToRegionMap());
        services.TryAddSingleton<ProcessLag>(provider => new(provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<RegionStates>();
        services.TryAddSingleton<RegionClients>();
        services.TryAddSingleton<IRegionConnections>(provider => provider.GetRequiredService<RegionClients>());
        services.TryAddSingleton<FirstConnection>();
        services.TryAddSingleton<IBookGrains, BookGrains>();
        services.TryAddSingleton<IOwnerGrains, OwnerGrains>();
        services.TryAddSingleton<SeenVersions>();
        services.TryAddSingleton<Editor>();
        services.TryAddSingleton(Clock.System);
        services.TryAddSingleton<INearSources, NearSources>();
        services.TryAddSingleton<NearCache>();
        services.TryAddSingleton(provider => new ClientSession(provider.GetRequiredService<SeenVersions>(), NearCacheOf(provider)));
        services.TryAddSingleton(provider => new ClientMetrics(
            provider.GetRequiredService<IMeterFactory>(), NearCacheOf(provider), provider.GetRequiredService<RegionStates>()));
        services.TryAddSingleton<IBookCache, BookCache>();
        services.TryAddSingleton<ICacheOperations, CacheOperations>();
        services.AddHostedService(provider => provider.GetRequiredService<RegionClients>());
        return services;
    }

    private static NearCache? NearCacheOf(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<CacheClientOptions>>().Value.NearCacheBytes > 0
            ? provider.GetRequiredService<NearCache>()
            : null;
}

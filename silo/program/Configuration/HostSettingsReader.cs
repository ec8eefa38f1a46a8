using Microsoft.Extensions.Configuration;
using OrleansCache.Configuration;
using OrleansCache.Silo.Clustering;

namespace OrleansCache.Silo.Configuration;

/// <summary>Reads a silo's settings and refuses those that cannot work, all at once.</summary>
internal static class HostSettingsReader
{
    /// <exception cref="SettingsException">They cannot be used.</exception>
    public static HostSettings Read(IConfiguration configuration)
    {
        var host = ReadHost(configuration);
        var cache = Bind<CacheSettings>(configuration);
        string[] problems =
        [
            .. HostSettingsValidator.Problems(host, cache),
            .. SiloWiring.Problems(host),
            .. new CacheSettingsValidator().Validate(null, cache).Failures ?? [],
        ];
        return problems.Length == 0 ? host : throw new SettingsException(problems);
    }

    /// <summary>Reads what a process needs that only enters a cluster; its other settings are not looked at.</summary>
    /// <exception cref="SettingsException">They cannot be used.</exception>
    public static HostSettings ReadHost(IConfiguration configuration) => Bind<HostSettings>(configuration);

    private static T Bind<T>(IConfiguration configuration)
        where T : new()
    {
        try
        {
            return configuration.GetSection(CacheSettings.Section).Get<T>() ?? new T();
        }
        catch (InvalidOperationException error)
        {
            // The binder names the setting; what the parser made of its value stands in the cause.
            throw new SettingsException([error.InnerException is { } cause ? $"{error.Message} {cause.Message}" : error.Message]);
        }
    }
}

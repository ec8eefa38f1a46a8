using Microsoft.Extensions.Configuration;
using OrleansCache.Catalogs;
using OrleansCache.Configuration;
using OrleansCache.Silo.Configuration;

namespace OrleansCache.Silo.Startup;

/// <summary>
/// Removes the settings that the catalog keeps for the whole cluster, so that all silos can be started with others. Nobody can tell here
/// whether silos still run; whoever runs it has stopped them.
/// </summary>
internal static class ForgetSettings
{
    /// <param name="args">Where the catalog is: the arguments of a silo.</param>
    /// <param name="output">Where the removed settings go.</param>
    /// <param name="error">Where the reason goes if the catalog cannot be written.</param>
    /// <returns>The <see cref="SiloExitCode"/>.</returns>
    /// <exception cref="SettingsException">The arguments or the catalog's settings are invalid.</exception>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var configuration = new ConfigurationBuilder();
        configuration.AddSiloSettings(args, SiloArguments.SiloSwitches);
        try
        {
            await using var catalog = Open(configuration.Build());
            var removed = await catalog.ForgetSettingsAsync(CancellationToken.None).ConfigureAwait(false);
            foreach (var (name, value) in removed.OrderBy(setting => setting.Key, StringComparer.Ordinal))
                await output.WriteLineAsync($"forgotten: {name} {value}").ConfigureAwait(false);
            if (removed.Count == 0)
                await output.WriteLineAsync("The catalog kept no settings.").ConfigureAwait(false);
            return SiloExitCode.Done;
        }
        catch (CacheException failure)
        {
            await error.WriteLineAsync(failure.Message).ConfigureAwait(false);
            return SiloExitCode.Failed;
        }
    }

    private static ICatalogStore Open(IConfiguration configuration)
    {
        var section = $"{CacheOptions.Section}:{nameof(CacheOptions.Catalog)}";
        try
        {
            return CatalogFactory.Create(configuration.GetSection(section).Get<CatalogOptions>() ?? new());
        }
        catch (ArgumentException invalid)
        {
            throw new SettingsException($"{section}: {invalid.Message}");
        }
    }
}

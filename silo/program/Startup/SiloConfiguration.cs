using Microsoft.Extensions.Configuration;
using OrleansCache.Silo.Configuration;

namespace OrleansCache.Silo.Startup;

/// <summary>Where a silo's settings come from; what is later in the list wins.</summary>
internal static class SiloConfiguration
{
    /// <exception cref="SettingsException">A file cannot be read.</exception>
    public static IConfiguration Build(FileInfo? file, IReadOnlyList<string> settings, IEnumerable<KeyValuePair<string, string?>> options)
    {
        if (file is { Exists: false })
            throw new SettingsException([$"--config is {file}, but there is no such file."]);
        try
        {
            var builder = new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true);
            if (file is not null)
                builder.AddJsonFile(file.FullName, optional: false);
            return builder.AddEnvironmentVariables().AddCommandLine([.. settings]).AddInMemoryCollection(options).Build();
        }
        catch (Exception error) when (error is InvalidDataException or FormatException)
        {
            throw new SettingsException([error.InnerException is { } cause ? $"{error.Message} {cause.Message}" : error.Message]);
        }
    }
}

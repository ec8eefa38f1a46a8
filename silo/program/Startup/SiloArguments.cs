using Microsoft.Extensions.Configuration;
using OrleansCache.Configuration;
using OrleansCache.Silo.Configuration;

namespace OrleansCache.Silo.Startup;

/// <summary>The command line of the silo program: short forms of some settings, and every setting by its full name.</summary>
internal static class SiloArguments
{
    /// <summary>The command that asks a running silo for its health.</summary>
    public const string Health = "health";

    /// <summary>The configuration key of the file that <c>--config</c> names.</summary>
    public const string ConfigKey = "Config";

    /// <summary>The command that makes a key for callers of the HTTP server.</summary>
    public const string Key = "key";

    /// <summary>The command about the settings that the catalog keeps for the cluster.</summary>
    public const string Settings = "settings";

    /// <summary>What <see cref="Settings"/> does with them.</summary>
    public const string Forget = "forget";

    /// <summary>The configuration key of the address that <c>health --url</c> names.</summary>
    public const string UrlKey = $"{CacheOptions.Section}:Health:Url";

    public const string Help =
        """
        A silo of OrleansCache.

        Usage:
          orleanscache-silo [options]
            runs a silo until SIGTERM or Ctrl-C
          orleanscache-silo health [--url URL]
            asks the HTTP server of a silo (default: http://127.0.0.1:8080) whether the silo is ready: exit code 0 if so, else 3
          orleanscache-silo key
            prints a new key for callers of the HTTP server, and the hash that the settings need
          orleanscache-silo settings forget [options]
            removes the settings that the catalog keeps for the whole cluster, to start all silos with others; stop all silos before

        Options:
          -r, --region NAME       the silo's region
          -n, --number N          the silo's number in its region (default: 1)
              --silo-port PORT    the port for other silos (default: 11111)
              --gateway-port PORT the port for clients (default: 30000)
          -c, --config FILE       a JSON file with the section OrleansCache
          -h, --help              shows this text
              --version           shows the version

        Every setting can be given by its full name too: --OrleansCache:TimeToLive=00:05:00 --Logging:LogLevel:OrleansCache=Debug.
        Settings also come from appsettings.json beside the program and from environment variables (OrleansCache__Silo__Region);
        the command line overrides the environment, which overrides the files. docs/settings.md lists all settings.

        Exit codes: 0 stopped gracefully, 1 could not start or stop, 2 invalid arguments or settings, 3 declared dead by the cluster.

        """;

    /// <summary>The options of a silo, with the setting that each of them stands for.</summary>
    public static readonly Dictionary<string, string> SiloSwitches = new(StringComparer.OrdinalIgnoreCase)
    {
        ["--region"] = $"{CacheOptions.Section}:Silo:{nameof(SiloInstanceOptions.Region)}",
        ["-r"] = $"{CacheOptions.Section}:Silo:{nameof(SiloInstanceOptions.Region)}",
        ["--number"] = $"{CacheOptions.Section}:Silo:{nameof(SiloInstanceOptions.Number)}",
        ["-n"] = $"{CacheOptions.Section}:Silo:{nameof(SiloInstanceOptions.Number)}",
        ["--silo-port"] = $"{CacheOptions.Section}:Silo:{nameof(SiloInstanceOptions.SiloPort)}",
        ["--gateway-port"] = $"{CacheOptions.Section}:Silo:{nameof(SiloInstanceOptions.GatewayPort)}",
        ["--config"] = ConfigKey,
        ["-c"] = ConfigKey,
    };

    /// <summary>The options of a health check.</summary>
    public static readonly Dictionary<string, string> HealthSwitches = new(StringComparer.OrdinalIgnoreCase)
    {
        ["--url"] = UrlKey,
    };

    /// <summary>Adds the sources of a silo's settings; what is added later overrides what was added before.</summary>
    /// <exception cref="SettingsException">An argument is unknown or has no value, or a file cannot be read.</exception>
    public static void AddSiloSettings(this IConfigurationBuilder configuration, string[] args, Dictionary<string, string> switches)
    {
        Check(args, switches);
        var file = new ConfigurationBuilder().AddCommandLine(args, switches).Build()[ConfigKey];
        if (file is not null && !File.Exists(file))
            throw new SettingsException($"--config is {file}, but there is no such file.");
        try
        {
            configuration.AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true);
            if (file is not null)
                configuration.AddJsonFile(Path.GetFullPath(file), optional: false);
            configuration.AddEnvironmentVariables().AddCommandLine(args, switches);
        }
        catch (Exception error) when (error is InvalidDataException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new SettingsException(error.InnerException is { } cause ? $"{error.Message} {cause.Message}" : error.Message);
        }
    }

    /// <summary>Refuses what the configuration's command line source would ignore: unknown options and options without a value.</summary>
    private static void Check(string[] args, Dictionary<string, string> switches)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i].Split('=', 2)[0];
            if (!switches.ContainsKey(name) && !IsSetting(name))
                throw new SettingsException($"\"{args[i]}\" is not an option; --help lists the options.");
            if (name.Length < args[i].Length)
                continue;
            if (++i == args.Length || args[i].StartsWith("--", StringComparison.Ordinal))
                throw new SettingsException($"{name} has no value; give {name} VALUE or {name}=VALUE.");
        }
    }

    private static bool IsSetting(string name) =>
        name.StartsWith($"--{CacheOptions.Section}:", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("--Logging:", StringComparison.OrdinalIgnoreCase);
}

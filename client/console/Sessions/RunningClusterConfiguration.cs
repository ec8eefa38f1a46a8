using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansCache.Client;

namespace OrleansCache.Cli.Sessions;

/// <summary>
/// The settings of a client of a running cluster. The command line overrides the environment (<c>OrleansCache__…</c>), which overrides
/// the file given with --config. If there is none of them, the file that <c>./run cluster</c> writes is used.
/// </summary>
internal sealed class RunningClusterConfiguration
{
    /// <summary>The file that <c>./run cluster</c> writes, relative to the repository.</summary>
    public const string WrittenFile = "artifacts/cluster/client.json";

    private static readonly string[] DefaultRegions = ["europe", "asia", "northamerica"];

    private readonly IConfigurationSection _section;
    private readonly ClusterLocation _location;

    private RunningClusterConfiguration(IConfigurationSection section, ClusterLocation location, string source)
    {
        _section = section;
        _location = location;
        Source = source;
    }

    /// <summary>Where the settings come from, for messages.</summary>
    public string Source { get; }

    /// <summary>Reads the settings.</summary>
    /// <param name="location">The options of the command line.</param>
    /// <param name="environment">The settings of the environment.</param>
    /// <param name="folder">The folder from which <see cref="WrittenFile"/> is searched for upwards.</param>
    /// <exception cref="SessionException">There are no settings, or a file cannot be read.</exception>
    public static RunningClusterConfiguration Read(ClusterLocation location, IConfiguration environment, string folder)
    {
        var isInEnvironment = environment.GetSection(CacheClientServiceCollectionExtensions.SectionName).Exists();
        var sources = new List<string>();
        var file = location.ConfigFile;
        if (file is null && !isInEnvironment && location is { Redis: null, Gateways.Count: 0 })
        {
            file = Find(folder) ?? throw new SessionException(
                ConsoleExitCode.Unavailable,
                $"No cluster is given, and none runs here (there is no {WrittenFile}): start one with ./run cluster, or give "
                + "--redis HOST:PORT, --gateway REGION=HOST:PORT or --config FILE.");
        }

        var builder = new ConfigurationBuilder();
        if (file is not null)
        {
            builder.AddConfiguration(ReadFile(file));
            sources.Add(file);
        }

        builder.AddConfiguration(environment);
        if (isInEnvironment)
            sources.Add("the environment");
        if (location.Gateways.Count > 0)
            sources.Add("--gateway");
        if (location.Redis is not null)
            sources.Add("--redis");
        return new(builder.Build().GetSection(CacheClientServiceCollectionExtensions.SectionName), location, string.Join(", ", sources));
    }

    /// <summary>Applies the settings to a client's options.</summary>
    /// <exception cref="SessionException">A value cannot be parsed.</exception>
    public void ApplyTo(CacheClientOptions options)
    {
        try
        {
            _section.Bind(options);
        }
        catch (InvalidOperationException error)
        {
            throw new SessionException(ConsoleExitCode.BadUsage, $"The settings of {Source} cannot be used. {error.Message}", error);
        }

        if (_location.OperatorTokenFile is { } file)
            options.OperatorToken = ReadToken(file);
        if (_location.Redis is { } redis)
            options.Clustering.Redis = redis;
        if (_location.ClusterId is { } id)
            options.ClusterId = id;
        foreach (var region in Named(options))
            options.Regions.Add(new ClientRegionOptions { Name = region });
        foreach (var gateways in _location.Gateways.GroupBy(named => named.Region, named => named.Gateway))
        {
            if (options.Regions.FirstOrDefault(known => known.Name == gateways.Key) is not { } region)
                options.Regions.Add(region = new ClientRegionOptions { Name = gateways.Key });
            region.Gateways.Clear();
            foreach (var gateway in gateways)
                region.Gateways.Add(gateway);
        }

        if (options.Home.Length == 0 && options.Regions.Count > 0)
            options.Home = options.Regions[0].Name;
    }

    /// <summary>The regions of the command line; with --redis alone, the default regions.</summary>
    private IEnumerable<string> Named(CacheClientOptions options)
    {
        if (_location.Regions.Count > 0)
            return _location.Regions.Where(name => options.Regions.All(known => known.Name != name)).ToArray();
        return _location is { Redis: not null, Gateways.Count: 0 } && options.Regions.Count == 0 ? DefaultRegions : [];
    }

    private static string? Find(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            if (Path.Combine(at.FullName, WrittenFile) is var file && File.Exists(file))
                return file;
        }

        return null;
    }

    private static string ReadToken(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SessionException(ConsoleExitCode.BadUsage, $"--operator-token-file: {error.Message}", error);
        }
    }

    private static IConfigurationRoot ReadFile(string file)
    {
        try
        {
            return new ConfigurationBuilder().AddJsonFile(file, optional: false, reloadOnChange: false).Build();
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new SessionException(
                ConsoleExitCode.BadUsage, $"The settings file {file} cannot be read. {(error.InnerException ?? error).Message}", error);
        }
    }
}

/// <summary>The options of the command line that locate a running cluster.</summary>
internal sealed record ClusterLocation
{
    /// <summary>The settings file.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>The clustering Redis.</summary>
    public string? Redis { get; init; }

    /// <summary>The regions, home first.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>The cluster's id.</summary>
    public string? ClusterId { get; init; }

    /// <summary>The gateways.</summary>
    public IReadOnlyList<(string Region, string Gateway)> Gateways { get; init; } = [];

    /// <summary>The file with the operator's token.</summary>
    public string? OperatorTokenFile { get; init; }

    /// <summary>The lowest level of the client's log that goes to standard error.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.None;
}

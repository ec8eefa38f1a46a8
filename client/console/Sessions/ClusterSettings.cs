using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrleansCache.Client;

namespace OrleansCache.Cli.Sessions;

/// <summary>
/// Where a running cluster is, from most to least: the command line, the environment (<c>OrleansCache__…</c>), the file that was
/// named. When none of them says anything, the file that <c>./run cluster</c> writes.
/// </summary>
internal sealed class ClusterSettings
{
    /// <summary>The file that <c>./run cluster</c> writes, seen from the repository.</summary>
    public const string WrittenFile = "artifacts/cluster/client.json";

    private static readonly string[] OwnRegions = ["europe", "asia", "northamerica"];

    private readonly IConfigurationSection _section;
    private readonly ClusterPlace _place;

    private ClusterSettings(IConfigurationSection section, ClusterPlace place, string source)
    {
        _section = section;
        _place = place;
        Source = source;
    }

    /// <summary>What says where the cluster is, in words.</summary>
    public string Source { get; }

    /// <summary>Reads the settings.</summary>
    /// <param name="place">What the command line says.</param>
    /// <param name="environment">The environment's settings.</param>
    /// <param name="folder">Where the search for <see cref="WrittenFile"/> begins; it goes up from there.</param>
    /// <exception cref="SessionException">Nothing says where the cluster is, or a file cannot be read.</exception>
    public static ClusterSettings Read(ClusterPlace place, IConfiguration environment, string folder)
    {
        var spoken = environment.GetSection(CacheClientServiceCollectionExtensions.SectionName).Exists();
        var sources = new List<string>();
        var file = place.ConfigFile;
        if (file is null && !spoken && place is { Redis: null, Gateways.Count: 0 })
        {
            file = Find(folder) ?? throw new SessionException(
                ExitCode.Unavailable,
                $"Nothing says where the cluster is, and there is no {WrittenFile}: start one with ./run cluster, or give --redis HOST:PORT, --gateway REGION=HOST:PORT or --config FILE.");
        }

        var builder = new ConfigurationBuilder();
        if (file is not null)
        {
            builder.AddConfiguration(ReadFile(file));
            sources.Add(file);
        }

        builder.AddConfiguration(environment);
        if (spoken)
            sources.Add("the environment");
        if (place.Gateways.Count > 0)
            sources.Add("--gateway");
        if (place.Redis is not null)
            sources.Add("--redis");
        return new(builder.Build().GetSection(CacheClientServiceCollectionExtensions.SectionName), place, string.Join(", ", sources));
    }

    /// <summary>Sets a client's options.</summary>
    /// <exception cref="SessionException">A value cannot be read.</exception>
    public void ApplyTo(CacheClientOptions options)
    {
        try
        {
            _section.Bind(options);
        }
        catch (InvalidOperationException error)
        {
            throw new SessionException(ExitCode.BadUsage, $"The settings of {Source} cannot be used. {error.Message}", error);
        }

        if (_place.Redis is { } redis)
            options.Clustering.Redis = redis;
        if (_place.ClusterId is { } id)
            options.ClusterId = id;
        foreach (var region in Named(options))
            options.Regions.Add(new RegionOptions { Name = region });
        foreach (var gateways in _place.Gateways.GroupBy(named => named.Region, named => named.Gateway))
        {
            if (options.Regions.FirstOrDefault(known => known.Name == gateways.Key) is not { } region)
                options.Regions.Add(region = new RegionOptions { Name = gateways.Key });
            region.Gateways.Clear();
            foreach (var gateway in gateways)
                region.Gateways.Add(gateway);
        }

        if (options.Home.Length == 0 && options.Regions.Count > 0)
            options.Home = options.Regions[0].Name;
    }

    /// <summary>The regions of the command line; a clustering Redis without any gets the project's own.</summary>
    private IEnumerable<string> Named(CacheClientOptions options)
    {
        if (_place.Regions.Count > 0)
            return _place.Regions.Where(name => options.Regions.All(known => known.Name != name)).ToArray();
        return _place is { Redis: not null, Gateways.Count: 0 } && options.Regions.Count == 0 ? OwnRegions : [];
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

    private static IConfigurationRoot ReadFile(string file)
    {
        try
        {
            return new ConfigurationBuilder().AddJsonFile(file, optional: false, reloadOnChange: false).Build();
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new SessionException(ExitCode.BadUsage, $"The settings file {file} cannot be read. {(error.InnerException ?? error).Message}", error);
        }
    }
}

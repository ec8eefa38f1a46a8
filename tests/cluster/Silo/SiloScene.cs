using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using OrleansCache.LocalClusters;
using OrleansCache.Silo;

namespace OrleansCache.Tests.Silo;

/// <summary>
/// A settings file, a catalog, and the silo processes that a test starts one by one. These tests are about the program itself (arguments,
/// output, signals, exit codes), so they do not use <c>ProcessCluster</c>.
/// </summary>
internal sealed class SiloScene : IAsyncDisposable
{
    public static readonly string Program = Path.Combine(AppContext.BaseDirectory, "orleanscache-silo.dll");

    /// <summary>The limit for what takes some seconds on a quiet machine; only a failing test reaches it.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanscache-silo-");
    private readonly List<SiloProcess> _silos = [];

    public SiloScene(string redis = "")
    {
        File.WriteAllText(SettingsFile, ClusterSettings.ToJson(
            ClusterSettings.Of(["europe", "asia"], region => $"memory:{region}").With(new Dictionary<string, string>
            {
                ["ClusterId"] = "scene",
                ["ServiceId"] = "scene",
                ["Clustering:Redis"] = redis,
                ["Catalog:ConnectionString"] = CatalogFile,
            })));
    }

    public string SettingsFile => Path.Combine(_folder.FullName, "settings.json");

    public string CatalogFile => Path.Combine(_folder.FullName, "catalog.db");

    /// <summary>The options of a silo process on the scene's settings.</summary>
    public SiloProcessOptions Silo(string region, params string[] arguments) => new()
    {
        Region = region,
        SiloPort = FreePort.Find(),
        GatewayPort = FreePort.Find(),
        ConfigFile = SettingsFile,
        Arguments = arguments,
        StartLimit = Bound,
    };

    public async Task<SiloProcess> StartAsync(SiloProcessOptions options)
    {
        var silo = await SiloProcess.StartAsync(options);
        _silos.Add(silo);
        return silo;
    }

    public async Task<SiloProcess> LaunchAsync(SiloProcessOptions options)
    {
        var silo = await SiloProcess.LaunchAsync(options);
        _silos.Add(silo);
        return silo;
    }

    /// <summary>Connects a client to the scene's cluster through one silo.</summary>
    public static async Task<IHost> EnterAsync(SiloProcess silo)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleansClient(client =>
        {
            client.UseStaticClustering(silo.Gateway);
            client.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = ("scene", "scene"));
        });
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    /// <summary>The address of a silo for other silos.</summary>
    public static string PortOf(SiloProcess silo) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{silo.Options.SiloPort}");

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos)
            await silo.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}

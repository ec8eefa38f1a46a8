using System.Globalization;
using Microsoft.Extensions.Hosting;
using OrleansCache.LocalClusters;
using OrleansCache.Silo.Startup;

namespace OrleansCache.Tests.Console;

/// <summary>
/// Silos as the silo program builds them, in this process, for clients of gateways whose addresses are known before the silos start and
/// stay the same after a restart of all silos.
/// </summary>
internal sealed class TcpCluster : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanscache-tests-");
    private readonly List<IHost> _hosts = [];
    private readonly int[] _ports;

    public TcpCluster(params string[] regions)
    {
        Regions = regions;
        var ports = new HashSet<int>();
        while (ports.Count < 2 * regions.Length)
            ports.Add(FreePort.Find());
        _ports = [.. ports];
    }

    public IReadOnlyList<string> Regions { get; }

    public string Folder => _folder.FullName;

    /// <summary>The command line arguments for a client of this cluster.</summary>
    public string[] Words => [.. Regions.SelectMany((region, i) => new[] { "--gateway", $"{region}={Gateway(i)}" })];

    public string Gateway(int region) => $"127.0.0.1:{_ports[(2 * region) + 1]}";

    public async Task StartAsync()
    {
        for (var i = 0; i < Regions.Count; i++)
        {
            string[] arguments = [.. Settings(i).InSection().Select(setting => $"--{setting.Key}={setting.Value}")];
            var host = await SiloHost.BuildAsync(arguments, services: null, CancellationToken.None);
            _hosts.Add(host);
            await host.StartAsync();
        }
    }

    /// <summary>Stops every silo; the ports stay reserved.</summary>
    public async Task StopAsync()
    {
        foreach (var host in Enumerable.Reverse(_hosts))
        {
            await host.StopAsync();
            await ((IAsyncDisposable)host).DisposeAsync();
        }

        _hosts.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Delete(recursive: true);
    }

    private Dictionary<string, string> Settings(int silo) =>
        ClusterSettings.Of(Regions, region => $"memory:{region}").With(new Dictionary<string, string>
        {
            ["Catalog:ConnectionString"] = Path.Combine(Folder, "catalog.db"),
            ["Silo:Region"] = Regions[silo],
            ["Silo:SiloPort"] = _ports[2 * silo].ToString(CultureInfo.InvariantCulture),
            ["Silo:GatewayPort"] = _ports[(2 * silo) + 1].ToString(CultureInfo.InvariantCulture),
            ["Clustering:Primary"] = silo == 0 ? "" : $"127.0.0.1:{_ports[0]}",
            ["Http:Port"] = "0",
            // However busy the machine is, no silo may be declared dead.
            ["Clustering:ProbeTimeout"] = "00:00:20",
        });
}

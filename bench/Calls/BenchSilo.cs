using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using OrleansCache.Bench.Clusters;
using OrleansCache.Catalogs;
using OrleansCache.Configuration;

namespace OrleansCache.Bench.Calls;

/// <summary>A silo in this process, with access to its services, with one book, an in-memory node, and a catalog in a file.</summary>
internal static class BenchSilo
{
    public const string Region = "europe";
    private const string Name = "bench";

    /// <summary>The key of the book.</summary>
    public static string Key { get; } = Shelf.Key(0);

    /// <summary>The key of the book's grain.</summary>
    public static string GrainKey { get; } = new BookGrainKey(Region, 1, Key).ToString();

    /// <summary>Starts the silo.</summary>
    /// <param name="siloPort">The port for silos.</param>
    /// <param name="gatewayPort">The port for clients.</param>
    /// <param name="catalog">The catalog's file.</param>
    public static async Task<IHost> StartAsync(int siloPort, int gatewayPort, string catalog)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = Name });
        builder.Configuration.AddInMemoryCollection(Settings(catalog));
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(siloPort, gatewayPort, null, Name, Name);
            silo.Configure<SiloOptions>(options => options.SiloName = $"{Region}.1");
            silo.AddOrleansCache();
        });
        var host = builder.Build();
        await host.StartAsync();
        await Shelf.FillAsync(host.Services.GetRequiredService<ICatalog>(), 1);
        return host;
    }

    private static Dictionary<string, string?> Settings(string catalog) => new()
    {
        ["OrleansCache:Home"] = Region,
        ["OrleansCache:TimeToLive"] = "01:00:00",
        ["OrleansCache:Regions:0:Name"] = Region,
        ["OrleansCache:Regions:0:Nodes:0:Name"] = $"{Region}-1",
        ["OrleansCache:Regions:0:Nodes:0:Connection"] = $"memory:{Region}",
        ["OrleansCache:Catalog:ConnectionString"] = catalog,
    };
}

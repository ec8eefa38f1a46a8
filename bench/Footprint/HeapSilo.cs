using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using OrleansCache.Bench.Children;
using OrleansCache.Configuration;

namespace OrleansCache.Bench.Footprint;

/// <summary>A silo's process that says how large its heap is: one of two regions, the first of which is home.</summary>
internal static class HeapSilo
{
    public const string Command = "heap-silo";
    public const string Heap = "heap";
    private const string Name = "orleanscache";

    public static IReadOnlyList<string> Regions { get; } = ["europe", "asia"];

    /// <param name="args">Its region, its port for silos, its port for clients, the first silo's port for silos, the catalog's file, and the regions' Redis.</param>
    public static async Task RunAsync(string[] args)
    {
        var (region, port, gateway, primary) = (args[0], Port(args[1]), Port(args[2]), Port(args[3]));
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = Name });
        builder.Configuration.AddInMemoryCollection(Settings(args[4], args[5..]));
        builder.Logging.SetMinimumLevel(LogLevel.Error).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(port, gateway, port == primary ? null : new IPEndPoint(IPAddress.Loopback, primary), Name, Name);
            silo.Configure<SiloOptions>(options => options.SiloName = $"{region}.1");
            silo.AddOrleansCache();
        });
        using var host = builder.Build();
        await host.StartAsync();
        Console.WriteLine(OwnChild.Ready);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            if (line != Heap)
                throw new ArgumentException($"'{line}' is not '{Heap}'.");
            Console.WriteLine(GC.GetTotalMemory(forceFullCollection: true).ToString(CultureInfo.InvariantCulture));
        }

        // Letting every book go in order takes longer than the measurement, and nobody needs it.
        Environment.Exit(0);
    }

    private static int Port(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    // Leases and copies last as long as the measurement, so that all of them are there at once.
    private static Dictionary<string, string?> Settings(string catalog, string[] redis)
    {
        var settings = new Dictionary<string, string?>
        {
            ["OrleansCache:Home"] = Regions[0],
            ["OrleansCache:TimeToLive"] = "02:00:00",
            ["OrleansCache:Leases:Length"] = "01:00:00",
            ["OrleansCache:Leases:Predecessors"] = "None",
            ["OrleansCache:MemoryBudgetBytes"] = "2000000000",
            ["OrleansCache:OwnerBudget"] = "00:00:20",
            ["OrleansCache:OwnerPatience"] = "00:00:10",
            ["OrleansCache:Catalog:ConnectionString"] = catalog,
        };
        for (var i = 0; i < Regions.Count; i++)
        {
            settings[$"OrleansCache:Regions:{i}:Name"] = Regions[i];
            settings[$"OrleansCache:Regions:{i}:Nodes:0:Name"] = $"{Regions[i]}-1";
            settings[$"OrleansCache:Regions:{i}:Nodes:0:Connection"] = redis[i];
        }

        return settings;
    }
}

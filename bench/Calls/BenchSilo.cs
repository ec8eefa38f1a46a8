using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using OrleansCache.Bench.Children;
using OrleansCache.Catalogs;
using OrleansCache.Configuration;

namespace OrleansCache.Bench.Calls;

/// <summary>
/// The silo's process: a region of its own with a node in memory and a catalog in a file, as a silo is configured that is not measured.
/// It does what the lines of its standard input say, and ends with them.
/// </summary>
internal static class BenchSilo
{
    public const string Command = "calls-silo";
    public const string CallsInSilo = "calls";
    private const string Name = "bench";

    /// <param name="args">Its port for silos, its port for clients, the catalog's file.</param>
    public static async Task RunAsync(string[] args)
    {
        using var host = await StartAsync(Port(args[0]), Port(args[1]), args[2]);
        var book = host.Services.GetRequiredService<IGrainFactory>().GetGrain<IBookGrain>(BenchBook.GrainKey);
        Console.WriteLine(OwnChild.Ready);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            if (line.Split(' ') is not [CallsInSilo, var callers, var seconds]) throw new ArgumentException($"'{line}' is not '{CallsInSilo} CALLERS SECONDS'.");
            var duration = TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture));
            var rate = await Callers.RateAsync(int.Parse(callers, CultureInfo.InvariantCulture), duration, () => book.LookupAsync(default, default).AsTask());
            Console.WriteLine(rate.ToString(CultureInfo.InvariantCulture));
        }

        await host.StopAsync();
    }

    /// <summary>Starts the silo in this process; its catalog has <see cref="BenchBook"/>.</summary>
    /// <param name="siloPort">Its port for silos.</param>
    /// <param name="clientPort">Its port for clients.</param>
    /// <param name="catalog">The catalog's file.</param>
    public static async Task<IHost> StartAsync(int siloPort, int clientPort, string catalog)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = Name });
        builder.Configuration.AddInMemoryCollection(Settings(catalog));
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(siloPort, clientPort, null, Name, Name);
            silo.Configure<SiloOptions>(options => options.SiloName = $"{BenchBook.Region}.1");
            silo.AddOrleansCache();
        });
        var host = builder.Build();
        await host.StartAsync();
        await host.Services.GetRequiredService<ICatalog>().StoreAsync([new KeyedPayload(BenchBook.Key, BenchBook.Payload())], CancellationToken.None);
        return host;
    }

    private static int Port(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static Dictionary<string, string?> Settings(string catalog) => new()
    {
        ["OrleansCache:Home"] = BenchBook.Region,
        ["OrleansCache:TimeToLive"] = "01:00:00",
        ["OrleansCache:Regions:0:Name"] = BenchBook.Region,
        ["OrleansCache:Regions:0:Nodes:0:Name"] = $"{BenchBook.Region}-1",
        ["OrleansCache:Regions:0:Nodes:0:Connection"] = $"memory:{BenchBook.Region}",
        ["OrleansCache:Catalog:ConnectionString"] = catalog,
    };
}

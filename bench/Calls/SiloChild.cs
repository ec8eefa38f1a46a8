using System.Globalization;
using System.Net;
using OrleansCache.Bench.Children;
using OrleansCache.LocalClusters;

namespace OrleansCache.Bench.Calls;

/// <summary>The silo as the client's process sees it: a child that ends when its input does.</summary>
internal sealed class SiloChild : IAsyncDisposable
{
    private readonly OwnChild _child;
    private readonly string _catalog;

    private SiloChild(OwnChild child, IPEndPoint gateway, string catalog) => (_child, Gateway, _catalog) = (child, gateway, catalog);

    public IPEndPoint Gateway { get; }

    /// <summary>The memory that the process takes, in bytes.</summary>
    public long WorkingSet => _child.WorkingSet;

    public static async Task<SiloChild> StartAsync()
    {
        var catalog = Path.Combine(Path.GetTempPath(), $"orleanscache-bench-{Environment.ProcessId}.db");
        var gateway = FreePort.Find();
        var child = await OwnChild.StartAsync(BenchSilo.Command, Text(FreePort.Find()), Text(gateway), catalog);
        return new(child, new IPEndPoint(IPAddress.Loopback, gateway), catalog);
    }

    /// <summary>The calls per second within the silo.</summary>
    public async Task<double> RateInSiloAsync(int callers, TimeSpan duration) =>
        double.Parse(await _child.AskAsync(string.Create(CultureInfo.InvariantCulture, $"{BenchSilo.CallsInSilo} {callers} {duration.TotalSeconds}")), CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        await _child.DisposeAsync();
        foreach (var file in Directory.EnumerateFiles(Path.GetTempPath(), $"{Path.GetFileName(_catalog)}*")) File.Delete(file);
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}

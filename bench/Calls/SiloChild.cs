using System.Diagnostics;
using System.Globalization;
using System.Net;
using OrleansCache.Silo.Local;

namespace OrleansCache.Bench.Calls;

/// <summary>The silo as the client's process sees it: a child that ends when its input does.</summary>
internal sealed class SiloChild : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _catalog;

    private SiloChild(Process process, IPEndPoint gateway, string catalog) => (_process, Gateway, _catalog) = (process, gateway, catalog);

    public IPEndPoint Gateway { get; }

    /// <summary>The memory that the process takes, in bytes.</summary>
    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public static async Task<SiloChild> StartAsync()
    {
        var catalog = Path.Combine(Path.GetTempPath(), $"orleanscache-bench-{Environment.ProcessId}.db");
        var gateway = FreePort.Find();
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(SiloChild).Assembly.Location);
        foreach (var argument in (string[])[BenchSilo.Command, Text(FreePort.Find()), Text(gateway), catalog]) start.ArgumentList.Add(argument);
        var child = new SiloChild(Process.Start(start)!, new IPEndPoint(IPAddress.Loopback, gateway), catalog);
        if (await child._process.StandardOutput.ReadLineAsync() == BenchSilo.Ready) return child;
        await child.DisposeAsync();
        throw new InvalidOperationException("The silo did not start; see above.");
    }

    /// <summary>The calls per second within the silo.</summary>
    public async Task<double> RateInSiloAsync(int callers, TimeSpan duration)
    {
        await _process.StandardInput.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{BenchSilo.CallsInSilo} {callers} {duration.TotalSeconds}"));
        var answer = await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The silo has ended; see above.");
        return double.Parse(answer, CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        foreach (var file in Directory.EnumerateFiles(Path.GetTempPath(), $"{Path.GetFileName(_catalog)}*")) File.Delete(file);
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}

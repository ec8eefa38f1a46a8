using System.Globalization;
using System.Reflection;
using OrleansCache.Entries;
using OrleansCache.LocalClusters;
using OrleansCache.Redis;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Redis;

/// <summary>A Garnet server as the server of a node.</summary>
internal sealed class GarnetBackend(RedisProcess server) : INodeBackend
{
    public TimeSpan Elapsed => TimeSpan.FromMilliseconds(Clock.System.Now);

    public static async Task<GarnetBackend> StartAsync()
    {
        var program = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(data => data.Key == "GarnetServer").Value!;
        if (!File.Exists(program))
        {
            throw new FileNotFoundException(
                $"There is no {program}; Garnet is restored when ORLEANSCACHE_TESTS=all is set, as ./test --all does.");
        }

        return new(await RedisProcess.StartAsync(FreePort.Find(), garnet =>
        [
            "dotnet", program, "--bind", "127.0.0.1", "--port", garnet.Port.ToString(CultureInfo.InvariantCulture), "--lua",
            "--memory", "64m", "--index", "4m",
        ]));
    }

    public INode CreateNode(NodeOptions settings) => RedisBackend.CreateNode(server.Address, settings);

    public Task PauseAsync() => server.PauseAsync();

    public Task ResumeAsync() => server.ResumeAsync();

    public Task KillAsync() => server.KillAsync();

    public Task RestartAsync() => server.StartAgainAsync();

    public Task PassTimeUntilAsync(Func<bool> condition, string what) => Eventually.IsTrueAsync(condition, what);

    public ValueTask DisposeAsync() => server.DisposeAsync();
}

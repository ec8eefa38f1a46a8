using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using OrleansCache.LocalClusters;
using StackExchange.Redis;

namespace OrleansCache.Bench.Calls;

/// <summary>
/// Calls of an active book grain in a silo of another process, in turns with <c>GET</c> of the same bytes from a Redis of its own, by the
/// same client. On a machine that others use too, the ratio within a round says more than either figure.
/// </summary>
internal static class CallsProgram
{
    private const string Name = "bench";
    private static readonly int[] CallerCounts = [256, 16, 1];
    private static readonly TimeSpan AtRest = TimeSpan.FromSeconds(5);

    /// <param name="args">The number of rounds and the seconds of each measurement, where they are not to be five and two.</param>
    public static async Task RunAsync(string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
        var duration = TimeSpan.FromSeconds(args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 2);
        await using var silo = await SiloChild.StartAsync();
        await Task.Delay(AtRest);
        Say($"StackExchange.Redis {RedisVersion()}, {Environment.ProcessorCount} cores, {BenchBook.PayloadBytes} bytes");
        Say($"silo process at rest: {silo.WorkingSet / 1048576.0:N0} MB");

        using var host = await ConnectAsync(silo);
        var grains = host.Services.GetRequiredService<IClusterClient>();
        var book = grains.GetGrain<IBookGrain>(BenchBook.GrainKey);
        if ((await book.LookupAsync(default, default)).Row.Payload?.Length != BenchBook.PayloadBytes) throw new InvalidOperationException("The silo does not answer with the book.");
        await using var server = await LocalRedisServer.StartAsync();
        using var redis = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
        var database = redis.GetDatabase();
        await database.StringSetAsync(BenchBook.Key, BenchBook.Payload());
        Task Call() => book.LookupAsync(default, default).AsTask();
        Task Get() => database.StringGetAsync(BenchBook.Key);

        await CompareAsync(rounds, duration, Call, Get);
        var inSilo = 0.0;
        for (var round = 0; round <= rounds; round++) inSilo = Math.Max(inSilo, await silo.RateInSiloAsync(CallerCounts[0], duration));
        Say($"in one silo, {CallerCounts[0]} callers: {inSilo:N0} calls/s at best");
        var (held, dropped) = References.Measure(grains);
        Say($"a reference: {held:N1} bytes while it is held, {dropped:N1} when it has been dropped");
        Say($"silo process afterwards: {silo.WorkingSet / 1048576.0:N0} MB");
        await host.StopAsync();
    }

    private static async Task CompareAsync(int rounds, TimeSpan duration, Func<Task> call, Func<Task> get)
    {
        foreach (var callers in CallerCounts)
        {
            await Callers.RateAsync(callers, duration, call);
            await Callers.RateAsync(callers, duration, get);
        }

        foreach (var callers in CallerCounts)
        {
            var pairs = new List<(double Calls, double Gets)>();
            for (var round = 0; round < rounds; round++) pairs.Add((await Callers.RateAsync(callers, duration, call), await Callers.RateAsync(callers, duration, get)));
            var ratios = pairs.Select(pair => pair.Calls / pair.Gets).Order().ToList();
            Say($"{callers,4} callers: {pairs.Max(pair => pair.Calls),9:N0} calls/s, {pairs.Max(pair => pair.Gets),9:N0} GET/s at best; ratio {ratios[0]:N2} to {ratios[^1]:N2}, median {ratios[ratios.Count / 2]:N2}");
        }
    }

    private static async Task<IHost> ConnectAsync(SiloChild silo)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = Name });
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddConsole();
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (Name, Name));
            client.UseStaticClustering(silo.Gateway);
        });
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static string RedisVersion() =>
        typeof(ConnectionMultiplexer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}

using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansCache.Client;

namespace OrleansCache.Cli.Cluster;

/// <summary>
/// The client of one region that <see cref="Traffic"/> starts. It makes lookups until SIGTERM, or until the process that started it ends.
/// </summary>
internal static class TrafficProgram
{
    /// <summary>The first argument, which selects this program. It is no command for people.</summary>
    public const string Word = "traffic";

    /// <summary>The file with the client's settings, in the folder that is the second argument.</summary>
    public const string SettingsFile = "client.json";

    /// <summary>The file with the keys, one per line.</summary>
    public const string KeysFile = "keys.txt";

    private const int MostInFlight = 64;
    private const int TicksPerSecond = 20;

    /// <summary>Runs it.</summary>
    /// <param name="folder">The folder with its files.</param>
    /// <param name="region">The region of its lookups.</param>
    /// <param name="perSecond">How many it makes a second.</param>
    /// <returns>The <see cref="ConsoleExitCode"/>.</returns>
    public static async Task<int> RunAsync(string folder, string region, string perSecond)
    {
        using var stop = new CancellationTokenSource();
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            stop.Cancel();
        });
        try
        {
            var keys = await File.ReadAllLinesAsync(Path.Combine(folder, KeysFile), stop.Token).ConfigureAwait(false);
            using var client = Client(Path.Combine(folder, SettingsFile));
            await client.StartAsync(stop.Token).ConfigureAwait(false);
            var books = client.Services.GetRequiredService<IBookCache>();
            await ReadAsync(books, region, keys, int.Parse(perSecond, CultureInfo.InvariantCulture), stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ConsoleExitCode.Done;
        }

        return ConsoleExitCode.Done;
    }

    private static IHost Client(string settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddJsonFile(settings);
        builder.Services.AddBookCache(builder.Configuration.GetSection(CacheClientServiceCollectionExtensions.SectionName));
        // A near cache would answer all of them, and the page would show none.
        builder.Services.Configure<CacheClientOptions>(options => options.NearCacheBytes = 0);
        return builder.Build();
    }

    private static async Task ReadAsync(
        IBookCache books, string region, IReadOnlyList<string> keys, int perSecond, CancellationToken stop)
    {
        var random = new Random();
        using var slots = new SemaphoreSlim(MostInFlight, MostInFlight);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / TicksPerSecond));
        var due = 0.0;
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
            {
                for (due += (double)perSecond / TicksPerSecond; due >= 1; due--)
                {
                    // Without a free slot the cluster is slower than what is asked of it, and the lookup is left out.
                    if (await slots.WaitAsync(0, stop).ConfigureAwait(false))
                        _ = LookUpAsync(books, region, Pick(keys, random), slots, stop);
                }
            }
        }
        finally
        {
            // All lookups that were started end before their slots are disposed of.
            for (var i = 0; i < MostInFlight; i++)
                await slots.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>A key whose rank among all has a probability that falls with it, about as the popularity of books does.</summary>
    private static string Pick(IReadOnlyList<string> keys, Random random) =>
        keys[(int)(Math.Pow(keys.Count + 1, random.NextDouble()) - 1)];

    private static async Task LookUpAsync(IBookCache books, string region, string key, SemaphoreSlim slots, CancellationToken stop)
    {
        try
        {
            await books.GetAsync(key, new() { Region = region }, stop).ConfigureAwait(false);
        }
        catch (Exception error) when (error is CacheException or OperationCanceledException)
        {
            // The page shows what fails.
        }
        finally
        {
            slots.Release();
        }
    }
}

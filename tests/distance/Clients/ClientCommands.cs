using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansCache.Client;

namespace OrleansCache.Distance.Clients;

/// <summary>What a client does when it is told to.</summary>
internal sealed class ClientCommands(IServiceProvider services)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly IBookCache _cache = services.GetRequiredService<IBookCache>();
    private readonly ICacheOperations _operations = services.GetRequiredService<ICacheOperations>();
    private readonly string[] _regions =
        [.. services.GetRequiredService<IOptions<CacheClientOptions>>().Value.Regions.Select(region => region.Name)];

    /// <summary>Does a command.</summary>
    /// <returns>The answer, to be written as JSON.</returns>
    /// <exception cref="ArgumentException">There is no such command.</exception>
    public async Task<object> RunAsync(string[] words, CancellationToken cancellation) => words switch
    {
        ["get", var region, var key] => await LookUpAsync(region, key, cancellation),
        ["series", var region, var prefix, var count] => await SeriesAsync(region, prefix, Number(count), cancellation),
        ["put", var key, .. var title] => await PutAsync(key, string.Join(' ', title), cancellation),
        ["load", var region, var rate, var seconds, var prefix, var keys, .. var rest] => await new LoadRun(
            _cache, region, Number(rate), TimeSpan.FromSeconds(Number(seconds)), prefix, Number(keys), rest is ["zipf"])
            .RunAsync(cancellation),
        ["connected"] => await ConnectAsync(cancellation),
        ["statistics"] => (await Task.WhenAll(_regions.Select(region => _operations.GetStatisticsAsync(region, cancellation))))
            .SelectMany(silos => silos),
        _ => throw new ArgumentException(
            $"\"{string.Join(' ', words)}\" is no command; there are get, series, put, load, connected and statistics."),
    };

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);

    private static double Since(long start) => Math.Round(Stopwatch.GetElapsedTime(start).TotalMilliseconds, 3);

    private async Task<LookupLine> LookUpAsync(string region, string key, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            var result = await _cache.GetAsync(key, new() { Region = region }, cancellation);
            var failed = result.FailedAttempts.Count == 0 ? null : result.FailedAttempts.Select(attempt => attempt.ToString()).ToArray();
            return new(Since(start), result.Tier, result.Region, result.Flags, result.Version, result.Book?.Title, failed);
        }
        catch (CacheException error)
        {
            return new(Since(start), Error: error.Message);
        }
    }

    private async Task<IReadOnlyList<LookupLine>> SeriesAsync(string region, string prefix, int count, CancellationToken cancellation)
    {
        var lines = new List<LookupLine>();
        for (var i = 0; i < count; i++)
            lines.Add(await LookUpAsync(region, string.Create(CultureInfo.InvariantCulture, $"{prefix}{i}"), cancellation));
        return lines;
    }

    private async Task<EditLine> PutAsync(string key, string title, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            var receipt = await _cache.PutAsync(key, new(title, "Nobody", 1984), cancellation: cancellation);
            return new(Since(start), receipt.Version);
        }
        catch (CacheException error)
        {
            return new(Since(start), Error: error.Message);
        }
    }

    private async Task<IReadOnlyList<RegionConnection>> ConnectAsync(CancellationToken cancellation)
    {
        while (true)
        {
            RegionConnection[] connections = [.. _regions.Select(_operations.ConnectionOf)];
            if (connections.All(connection => connection.IsConnected))
                return connections;
            await Task.Delay(Pause, cancellation);
        }
    }
}

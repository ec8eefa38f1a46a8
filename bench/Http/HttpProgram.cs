using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansCache.Bench.Clusters;
using OrleansCache.Bench.Reports;
using OrleansCache.Http;
using OrleansCache.LocalClusters;

namespace OrleansCache.Bench.Http;

/// <summary>
/// Requests per second for a book that the near cache holds, compared with those for an answer of the same size that is a constant: of a
/// server in the same process that does nothing but routing. Rounds of wrk alternate, so that other load on the machine affects both; the
/// figure is the median of the ratios.
/// </summary>
internal static partial class HttpProgram
{
    private const int Connections = 256;
    private const int Seconds = 5;
    private const string Path = "/v1/books/book::0";

    /// <param name="args">The number of rounds; 7 by default.</param>
    public static async Task RunAsync(string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 7;
        Surroundings.Print();
        await using var cluster = await BenchCluster.StartAsync(1);
        var (ours, theirs) = (FreePort.Find(), FreePort.Find());
        var server = new HttpServer(new() { Port = ours }, new BenchHttpSilo(cluster.Local), NullLogger<HttpServer>.Instance);
        await server.StartAsync(CancellationToken.None);
        using var client = new HttpClient();
        var book = $"http://127.0.0.1:{ours}{Path}";
        while (!(await client.GetAsync(book)).Headers.GetValues("X-OrleansCache-Tier").Contains("near"))
            await Task.Delay(100);
        await using var constant = await StartConstantAsync(theirs, await client.GetByteArrayAsync(book));

        var (mine, others) = (new List<double>(), new List<double>());
        // The first rounds warm up.
        for (var round = -1; round < rounds; round++)
        {
            var first = await MeasureAsync(book);
            var second = await MeasureAsync($"http://127.0.0.1:{theirs}{Path}");
            if (round < 0)
                continue;
            mine.Add(first);
            others.Add(second);
        }

        var (rate, constantRate) = (new Sorted(mine).Median, new Sorted(others).Median);
        var ratios = new Sorted(mine.Zip(others, (one, other) => one / other));
        var table = new FigureTable();
        table.Add(
            "GET of a book in the near cache beside a constant answer of the same size",
            "0.8",
            $"{ratios.Median:N2} ({ratios.Least:N2} to {ratios.Most:N2}); {rate:N0}/s beside {constantRate:N0}/s");
        Surroundings.Say($"{rounds} rounds of {Seconds} s each, wrk with {Connections} connections; load average {Surroundings.Load()}");
        table.Print();
        await server.StopAsync(CancellationToken.None);
    }

    private static async Task<WebApplication> StartConstantAsync(int port, byte[] body)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRouting();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        var app = builder.Build();
        app.UseRouting();
        app.MapGet("/v1/books/{key}", context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = body.Length;
            return context.Response.Body.WriteAsync(body).AsTask();
        });
        await app.StartAsync();
        return app;
    }

    private static async Task<double> MeasureAsync(string url)
    {
        var arguments = string.Create(CultureInfo.InvariantCulture, $"-t1 -c{Connections} -d{Seconds}s {url}");
        using var wrk = Process.Start(new ProcessStartInfo("wrk", arguments) { RedirectStandardOutput = true })!;
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        if (output.Contains("Non-2xx", StringComparison.Ordinal))
            throw new InvalidOperationException($"Some answers are errors: {output}");
        return double.Parse(Rate().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("Requests/sec: *([0-9.]+)")]
    private static partial Regex Rate();
}

using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OpenTelemetry;
using OpenTelemetry.Trace;
using OrleansCache.Bench.Calls;
using OrleansCache.Bench.Clusters;
using OrleansCache.Bench.Reports;
using OrleansCache.LocalClusters;
using OrleansCache.Telemetry;

namespace OrleansCache.Bench.Telemetry;

/// <summary>
/// What metrics and traces cost: lookups per second from the memory of a silo process that exports nothing, of one that is scraped every
/// second, and of one that sends traces as well. Rounds alternate; the figures are the medians of the ratios within a round.
/// </summary>
internal static class TelemetryProgram
{
    private const string Region = "europe";
    private const int Keys = 100;
    private const int Concurrency = 64;
    private const string MetricsPath = "/metrics";

    /// <param name="args">The number of rounds (default 7) and the seconds of each measurement (default 3).</param>
    public static async Task RunAsync(string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 7;
        var duration = TimeSpan.FromSeconds(args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 3);
        Surroundings.Print();
        var port = FreePort.Find();
        await using var collector = await StartCollectorAsync(port);
        await using var off = await Subject.StartAsync(new() { ["Http:Metrics"] = "false" });
        await using var metrics = await Subject.StartAsync([]);
        var address = $"http://127.0.0.1:{port}";
        var sending = new Dictionary<string, string> { ["Http:OtlpEndpoint"] = address };
        await using var traces = await Subject.StartAsync(sending, address, 1);
        await using var sampled = await Subject.StartAsync(sending, address, 0.1);
        Subject[] subjects = [off, metrics, traces, sampled];
        using var stop = new CancellationTokenSource();
        var scraping = Task.WhenAll(ScrapeAsync(metrics, stop.Token), ScrapeAsync(traces, stop.Token), ScrapeAsync(sampled, stop.Token));
        foreach (var subject in subjects)
            await subject.RateAsync(duration);
        var rates = new List<double[]>();
        for (var round = 0; round < rounds; round++)
        {
            var rate = new double[subjects.Length];
            // The order turns, since whoever comes first in a round has its own disadvantage.
            for (var i = 0; i < subjects.Length; i++)
            {
                var at = (i + round) % subjects.Length;
                rate[at] = await subjects[at].RateAsync(duration);
            }

            rates.Add(rate);
        }

        await stop.CancelAsync();
        await scraping;
        var table = new FigureTable();
        foreach (var (name, at) in ((string, int)[])
            [("metrics", 1), ("metrics and a trace of each", 2), ("metrics and traces of a tenth", 3)])
        {
            var ratios = new Sorted(rates.Select(rate => rate[at] / rate[0]));
            table.Add(
                $"lookups/s with {name} beside without", "0.95",
                $"{ratios.Median:N2} ({ratios.Least:N2} to {ratios.Most:N2}); at best {Best(at):N0}/s beside {Best(0):N0}/s");
        }

        double Best(int at) => rates.Max(rate => rate[at]);
        Surroundings.Say($"{rounds} rounds of {duration.TotalSeconds:0.#} s, {Concurrency} callers; load average {Surroundings.Load()}");
        table.Print();
    }

    /// <summary>Takes what is sent to it by OTLP over HTTP/2 without encryption, and answers that all is well.</summary>
    private static async Task<WebApplication> StartCollectorAsync(int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        app.Run(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Response.ContentType = "application/grpc";
            // An empty message, and the status OK.
            await context.Response.Body.WriteAsync(new byte[5]);
            context.Response.AppendTrailer("grpc-status", "0");
        });
        await app.StartAsync();
        return app;
    }

    private static async Task ScrapeAsync(Subject subject, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        using var http = SiloSocket.Open(subject.Silo.HttpSocket);
        while (await timer.WaitForNextTickAsync(stop).AsTask().ContinueWith(tick => tick.IsCompletedSuccessfully, TaskScheduler.Default))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://silo{MetricsPath}");
            using var answer = await http.SendAsync(request, CancellationToken.None);
            answer.EnsureSuccessStatusCode();
        }
    }

    /// <summary>A cluster of one silo, and a client without a near cache.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="client">The client.</param>
    /// <param name="collector">Where the client sends its traces, which silos continue; null for none.</param>
    /// <param name="sampled">The share of its lookups that are traced.</param>
    private sealed class Subject(ProcessCluster cluster, BenchClient client, string? collector, double sampled) : IAsyncDisposable
    {
        private int _next;

        public SiloProcess Silo => cluster.Silos.Single();

        public static async Task<Subject> StartAsync(Dictionary<string, string> settings, string? collector = null, double sampled = 0)
        {
            settings["TimeToLive"] = "01:00:00";
            var cluster = await ProcessCluster.StartAsync(new()
            {
                Regions = [Region],
                Http = true,
                Settings = settings,
                PrepareCatalog = (catalog, _) => Shelf.FillAsync(catalog, Keys),
            });
            return new(cluster, await BenchClient.ConnectAsync(cluster, nearBytes: 0), collector, sampled);
        }

        public async Task<double> RateAsync(TimeSpan duration)
        {
            using var tracing = collector is null
                ? null
                : Sdk.CreateTracerProviderBuilder().AddSource(TelemetryNames.Name, "Microsoft.Orleans.Runtime")
                    .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(sampled)))
                    .AddOtlpExporter(otlp => otlp.Endpoint = new(collector)).Build();
            return await Callers.RateAsync(
                Concurrency,
                duration,
                () => client.Cache.GetAsync(Shelf.Key((int)((uint)Interlocked.Increment(ref _next) % Keys))).AsTask());
        }

        public async ValueTask DisposeAsync()
        {
            await client.DisposeAsync();
            await cluster.DisposeAsync();
        }
    }
}

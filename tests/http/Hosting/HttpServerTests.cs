using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansCache.Client;
using OrleansCache.Http.Tests.Servers;
using OrleansCache.LocalClusters;

namespace OrleansCache.Http.Tests.Hosting;

/// <summary>Where a silo's HTTP server listens, and how it ends.</summary>
public sealed class HttpServerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanscache-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task It_listens_on_a_socket_even_where_a_killed_process_has_left_one()
    {
        var socket = Path.Combine(_folder.FullName, "http");
        await File.WriteAllTextAsync(socket, "left");
        var server = ServerOf(new() { Socket = socket }, new StandIn());
        await server.StartAsync(CancellationToken.None);

        using var client = SiloSocket.Open(socket);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://silo/health/live");
        using var answer = await client.SendAsync(request, CancellationToken.None);

        Assert.True(answer.IsSuccessStatusCode);
        await server.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_port_in_use_is_named_with_what_to_do()
    {
        await using var first = await TestServer.StartAsync(books: new StandIn());

        var error = await Assert.ThrowsAsync<HttpServerException>(
            () => ServerOf(new() { Port = first.Address.Port }, new StandIn()).StartAsync(CancellationToken.None));

        Assert.Contains($"127.0.0.1:{first.Address.Port}", error.Message, StringComparison.Ordinal);
        Assert.Contains("OrleansCache:Http:Port", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_never_ends_takes_no_time_from_a_silo_that_stops()
    {
        var asked = new TaskCompletionSource();
        var books = new StandIn
        {
            OnGet = (_, _) =>
            {
                asked.SetResult();
                return new TaskCompletionSource<LookupResult>().Task;
            },
        };
        var server = ServerOf(new() { Port = FreePort.Find() }, books);
        await server.StartAsync(CancellationToken.None);
        using var client = new HttpClient { BaseAddress = new(server.Addresses.Single()) };
        var lookup = client.GetAsync("v1/books/book::1984");
        await asked.Task.WaitAsync(TestSupport.Eventually.Bound);

        var began = Stopwatch.GetTimestamp();
        await server.StopAsync(CancellationToken.None);

        // Its limit is one second; without it a host waits for half a minute.
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(20));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => lookup);
    }

    private static HttpServer ServerOf(HttpOptions options, IBookCache books)
    {
        var silo = new TestSilo();
        return new(options, silo, silo.Logging.CreateLogger<HttpServer>(), services => services.AddSingleton(books));
    }
}

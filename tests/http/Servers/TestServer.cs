using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansCache.Client;

namespace OrleansCache.Http.Tests.Servers;

/// <summary>An HTTP server on a free port of the loopback interface, with a client for it.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly HttpServer _server;

    private TestServer(HttpServer server)
    {
        _server = server;
        Client = new() { BaseAddress = new(server.Addresses.Single()), Timeout = TimeSpan.FromMinutes(2) };
    }

    public HttpClient Client { get; }

    public Uri Address => Client.BaseAddress!;

    /// <summary>Starts a server.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="silo">Its silo; one that is ready by default.</param>
    /// <param name="books">A stand-in for the cache; none for that of the silo's cluster.</param>
    /// <param name="operations">A stand-in for the operations.</param>
    public static async Task<TestServer> StartAsync(
        HttpOptions? options = null, TestSilo? silo = null, IBookCache? books = null, ICacheOperations? operations = null)
    {
        options ??= new();
        options.Port = LocalClusters.FreePort.Find();
        silo ??= new();
        var server = new HttpServer(options, silo, silo.Logging.CreateLogger<HttpServer>(), services =>
        {
            if (books is not null)
                services.AddSingleton(books);
            if (operations is not null)
                services.AddSingleton(operations);
        });
        await server.StartAsync(CancellationToken.None);
        return new(server);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.StopAsync(CancellationToken.None);
    }

    /// <summary>Sends a request.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The path with the query.</param>
    /// <param name="json">The body, sent as application/json.</param>
    /// <param name="headers">Headers in the form <c>Name: value</c>.</param>
    public async Task<HttpResponseMessage> SendAsync(string method, string path, string? json = null, params string[] headers)
    {
        using var request = new HttpRequestMessage(new(method), path);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        foreach (var header in headers)
        {
            var parts = header.Split(": ", 2);
            Assert.True(request.Headers.TryAddWithoutValidation(parts[0], parts[1]), header);
        }

        return await Client.SendAsync(request);
    }

    /// <summary>Sends a GET request.</summary>
    public Task<HttpResponseMessage> GetAsync(string path, params string[] headers) => SendAsync("GET", path, null, headers);
}

/// <summary>Reads answers.</summary>
internal static class Answers
{
    public static async Task<JsonNode> JsonAsync(this HttpResponseMessage answer) =>
        JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;

    /// <summary>The value of a header; empty when it is missing.</summary>
    public static string Header(this HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) || answer.Content.Headers.TryGetValues(name, out values)
            ? string.Join(", ", values)
            : "";

    /// <summary>Checks that an answer is a problem of a type, and gives it back.</summary>
    public static async Task<JsonNode> IsProblemAsync(this HttpResponseMessage answer, int status, string type)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.ToString());
        var problem = JsonNode.Parse(text)!;
        Assert.Equal($"urn:orleanscache:problem:{type}", (string?)problem["type"]);
        Assert.Equal(status, (int)problem["status"]!);
        Assert.NotEmpty((string?)problem["title"] ?? "");
        Assert.NotEmpty((string?)problem["detail"] ?? "");
        return problem;
    }
}

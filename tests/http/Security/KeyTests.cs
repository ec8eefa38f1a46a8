using System.Security.Cryptography;
using System.Text;
using OrleansCache.Http.Tests.Servers;

namespace OrleansCache.Http.Tests.Security;

/// <summary>Callers with keys.</summary>
public sealed class KeyTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        var options = new HttpOptions();
        foreach (var role in (string[])["read", "edit", "operate"])
        {
            options.ApiKeys.Add(new() { Id = $"old-{role}", Hash = HashOf($"old-{role}-key"), Role = role });
            options.ApiKeys.Add(new() { Id = $"new-{role}", Hash = HashOf($"new-{role}-key"), Role = role });
        }

        _server = await TestServer.StartAsync(options, books: new StandIn { OnGet = (key, _) => Task.FromResult(StandIn.Found(key)) });
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(null, 401, 401, 401)]
    [InlineData("wrong", 401, 401, 401)]
    [InlineData("old-read-key", 200, 403, 403)]
    [InlineData("new-read-key", 200, 403, 403)]
    [InlineData("old-edit-key", 200, 200, 403)]
    [InlineData("new-operate-key", 200, 200, 400)]
    public async Task A_key_allows_what_its_role_does_and_what_lower_ones_do(string? key, int read, int edit, int operate)
    {
        foreach (var name in (string[])["Authorization: Bearer ", "X-Api-Key: "])
        {
            string[] headers = key is null ? [] : [name + key];

            Assert.Equal(read, (int)(await _server.SendAsync("GET", "/v1/books/a", null, headers)).StatusCode);
            Assert.Equal(read, (int)(await _server.SendAsync("POST", "/v1/books", """{"keys":["a"]}""", headers)).StatusCode);
            Assert.Equal(edit, (int)(await _server.SendAsync("PUT", "/v1/books/a", """{"title":"A"}""", headers)).StatusCode);
            // The last one is allowed, and then refused for its body.
            Assert.Equal(operate, (int)(await _server.SendAsync("POST", "/v1/regions/europe/purge", "[]", headers)).StatusCode);
        }
    }

    [Fact]
    public async Task A_refusal_says_what_is_missing()
    {
        var none = await _server.GetAsync("/v1/books/a");
        await none.IsProblemAsync(401, "unauthenticated");
        Assert.Equal("Bearer realm=\"OrleansCache\"", none.Header("WWW-Authenticate"));

        var wrong = await _server.GetAsync("/v1/books/a", "Authorization: Bearer wrong");
        await wrong.IsProblemAsync(401, "unauthenticated");
        Assert.Equal("Bearer realm=\"OrleansCache\", error=\"invalid_token\"", wrong.Header("WWW-Authenticate"));

        await (await _server.SendAsync("DELETE", "/v1/books/a", null, "X-Api-Key: old-read-key")).IsProblemAsync(403, "forbidden");
    }

    [Theory]
    [InlineData("Authorization: Basic b2xkLXJlYWQta2V5")]
    [InlineData("Authorization: Bearer ")]
    [InlineData("X-Api-Key: old-read-key, old-read-key")]
    public async Task Other_credentials_are_none(string header) =>
        Assert.Equal(401, (int)(await _server.GetAsync("/v1/books/a", header)).StatusCode);

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task The_health_needs_no_key(string path) => Assert.Equal(200, (int)(await _server.GetAsync(path)).StatusCode);

    [Fact]
    public async Task Nothing_else_is_open()
    {
        string[] paths =
        [
            "/v1/books?keys=a", "/v1/regions", "/v1/stats", "/v1/regions/europe/ring", "/v1/keys/a/copies", "/openapi/v1.json", "/v1/live",
            "/v1/live/copies?key=a", "/v1/live/lookup?key=a",
        ];
        foreach (var path in paths)
            Assert.True((int)(await _server.GetAsync(path)).StatusCode == 401, path);
    }

    [Fact]
    public async Task A_known_caller_may_use_any_name_of_the_server()
    {
        var answer = await RawRequest.SendAsync(
            _server, "GET /v1/books/a HTTP/1.1\nHost: cache.example\nX-Api-Key: old-read-key\nConnection: close\n\n");

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
    }

    private static string HashOf(string key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}

using System.Net;
using OrleansCache.Client;
using OrleansCache.Http.Tests.Servers;

namespace OrleansCache.Http.Tests.Security;

/// <summary>Requests of those who try what is possible.</summary>
public sealed class StrangerTests
{
    private readonly StandIn _books = new() { OnGet = (key, _) => Task.FromResult(StandIn.Found(key)) };

    [Theory]
    [InlineData("/v1/books/..%2fregions")]
    [InlineData("/v1/books/a%2Fb")]
    [InlineData("/v1/books/%2e%2e/regions")]
    [InlineData("/v1/books/%2E./stats")]
    [InlineData("/v1/books/../regions")]
    [InlineData("/v1/books/.")]
    [InlineData("/v1/books/%2e")]
    [InlineData("/v1/books/a%0Ab")]
    [InlineData("/v1/books/a%7F")]
    [InlineData("/v1/books/%ff")]
    [InlineData("/v1/books/%c3%28")]
    [InlineData("/v1/books/%ed%a0%80")]
    [InlineData("/v1/books/100%")]
    [InlineData("/v1/books/%zz")]
    [InlineData("/v1/b%6Foks/a")]
    [InlineData("/%76%31/books/a")]
    [InlineData("/v1/keys/a/copie%73")]
    public async Task A_path_that_is_no_key_is_refused_and_never_another_route(string target)
    {
        var books = new StandIn { OnGet = (key, _) => Task.FromResult(StandIn.Found(CacheKey.Validate(key))) };
        await using var server = await TestServer.StartAsync(books: books);

        var answer = await RawRequest.GetAsync(server, target);

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("urn:orleanscache:problem:invalid-key", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/books/%00")]
    [InlineData("/v1/books/a%00b")]
    public async Task A_NUL_is_refused(string target)
    {
        await using var server = await TestServer.StartAsync(books: _books);

        Assert.StartsWith("HTTP/1.1 400 ", await RawRequest.GetAsync(server, target), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_of_the_absolute_form_is_that_of_its_path()
    {
        await using var server = await TestServer.StartAsync(books: _books);

        var answer = await RawRequest.GetAsync(server, $"http://{server.Address.Authority}/v1/books/a%3Ab?region=asia");

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"key\":\"a:b\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_and_request_lines_have_a_limit()
    {
        await using var server = await TestServer.StartAsync(books: _books);

        var headers = await RawRequest.GetAsync(server, "/v1/books/a", $"X-Large: {new string('x', 17 * 1024)}\n");
        var line = await RawRequest.GetAsync(server, $"/v1/books/{new string('x', 9 * 1024)}");

        Assert.StartsWith("HTTP/1.1 431 ", headers, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 414 ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_without_a_length_has_the_same_limit()
    {
        await using var server = await TestServer.StartAsync(books: _books);
        var chunk = $"{8 * 1024:x}\n{new string(' ', 8 * 1024)}\n";

        var answer = await RawRequest.SendAsync(
            server,
            $"PUT /v1/books/a HTTP/1.1\nHost: {server.Address.Authority}\nConnection: close\nContent-Type: application/json\n"
            + $"Transfer-Encoding: chunked\n\n{string.Concat(Enumerable.Repeat(chunk, 12))}0\n\n");

        Assert.True(answer is "closed" || answer.StartsWith("HTTP/1.1 413 ", StringComparison.Ordinal), answer);
    }

    [Fact]
    public async Task A_body_that_does_not_come_is_not_waited_for()
    {
        var edits = 0;
        _books.OnEdit = (_, _, _) => Task.FromException<EditReceipt>(new InvalidOperationException($"{++edits} edits"));
        await using var server = await TestServer.StartAsync(books: _books);

        var answer = await RawRequest.SendAsync(
            server,
            $"PUT /v1/books/a HTTP/1.1\nHost: {server.Address.Authority}\nContent-Type: application/json\nContent-Length: 1000\n\n{{");

        Assert.True(answer is "closed" || answer.StartsWith("HTTP/1.1 408 ", StringComparison.Ordinal), answer);
        Assert.Equal(0, edits);
    }

    [Theory]
    [InlineData("PUT", "/v1/books/a")]
    [InlineData("DELETE", "/v1/books/a")]
    [InlineData("POST", "/v1/regions/europe/purge")]
    [InlineData("POST", "/v1/regions/europe/nodes")]
    public async Task A_page_of_another_web_site_can_change_nothing(string method, string path)
    {
        _books.OnEdit = (_, _, _) => throw new InvalidOperationException("It was asked for.");
        await using var server = await TestServer.StartAsync(books: _books);

        string[] headers = ["Origin: https://evil.example", "Origin: null", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site"];
        foreach (var header in headers)
        {
            var answer = await server.SendAsync(method, path, """{"title":"A"}""", header);

            await answer.IsProblemAsync(403, "foreign-origin");
            Assert.Empty(answer.Header("Access-Control-Allow-Origin"));
        }
    }

    [Fact]
    public async Task Its_own_pages_and_those_of_configured_origins_can()
    {
        await using var server = await TestServer.StartAsync(new() { Origins = { "https://shop.example" } }, books: _books);

        var own = await server.SendAsync(
            "DELETE", "/v1/books/a", null, $"Origin: http://{server.Address.Authority}", "Sec-Fetch-Site: same-origin");
        var shop = await server.SendAsync("DELETE", "/v1/books/a", null, "Origin: https://shop.example", "Sec-Fetch-Site: cross-site");
        var asked = await server.SendAsync(
            "OPTIONS", "/v1/books/a", null, "Origin: https://shop.example", "Access-Control-Request-Method: PUT",
            "Access-Control-Request-Headers: if-match");
        var stranger = await server.GetAsync("/v1/books/a", "Origin: https://evil.example");

        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        Assert.Equal(HttpStatusCode.OK, shop.StatusCode);
        Assert.Equal("https://shop.example", shop.Header("Access-Control-Allow-Origin"));
        Assert.Contains("ETag", shop.Header("Access-Control-Expose-Headers"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("PUT", asked.Header("Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.Empty(stranger.Header("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("rebound.example", 421)]
    [InlineData("127.0.0.1.evil.example:8080", 421)]
    [InlineData("localhost:1234", 200)]
    [InlineData("[::1]:8080", 200)]
    [InlineData("LOCALHOST", 200)]
    public async Task A_name_that_is_not_this_machines_is_refused_where_nobody_needs_credentials(string host, int status)
    {
        await using var server = await TestServer.StartAsync(books: _books);

        var answer = await RawRequest.SendAsync(server, $"GET /v1/books/a HTTP/1.1\nHost: {host}\nConnection: close\n\n");

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/books/a", "default-src 'none'; frame-ancestors 'none'")]
    [InlineData("/v1/nowhere", "default-src 'none'; frame-ancestors 'none'")]
    [InlineData("/health/live", "default-src 'none'; frame-ancestors 'none'")]
    [InlineData("/", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'")]
    public async Task Every_answer_says_what_a_browser_may_do_with_it(string path, string policy)
    {
        await using var server = await TestServer.StartAsync(books: _books);

        var answer = await server.GetAsync(path);

        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        Assert.Equal("no-referrer", answer.Header("Referrer-Policy"));
        Assert.Equal(policy, answer.Header("Content-Security-Policy"));
        Assert.Empty(answer.Header("Server"));
    }
}

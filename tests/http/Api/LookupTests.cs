using System.Globalization;
using System.Net;
using OrleansCache.Http.Tests.Servers;
using OrleansCache.TestSupport;

namespace OrleansCache.Http.Tests.Api;

/// <summary>Looking books up.</summary>
[Collection(ClusterTests.Name)]
public sealed class LookupTests(ClusterFixture cluster)
{
    private readonly TestServer _server = cluster.Server;

    [Fact]
    public async Task A_book_is_answered_with_its_version_and_where_it_came_from()
    {
        await PutAsync("book::lookup", """{"title":"Dune","author":"Frank Herbert","year":1965}""");

        var answer = await _server.GetAsync("/v1/books/book::lookup");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(
            """{"key":"book::lookup","title":"Dune","author":"Frank Herbert","year":1965}""", await answer.Content.ReadAsStringAsync());
        Assert.Equal("application/json", answer.Header("Content-Type"));
        Assert.Matches("^\"1-[0-9a-f]{32}\"$", answer.Header("ETag"));
        Assert.Equal("no-cache", answer.Header("Cache-Control"));
        Assert.Equal("europe", answer.Header("X-OrleansCache-Region"));
        Assert.NotEmpty(answer.Header("X-OrleansCache-Node"));
        Assert.Contains(answer.Header("X-OrleansCache-Tier"), (string[])["near", "silo", "redis", "owner", "catalog"]);
        Assert.Empty(answer.Header("X-OrleansCache-Flags"));
        Assert.InRange(int.Parse(answer.Header("Age"), CultureInfo.InvariantCulture), 0, 120);
    }

    [Fact]
    public async Task A_book_that_is_used_is_answered_by_the_near_cache_and_its_entry_gets_older()
    {
        await PutAsync("book::near", """{"title":"Near"}""");
        string status = "", age = "";

        await Eventually.IsTrueAsync(
            async () =>
            {
                var answer = await _server.GetAsync("/v1/books/book::near?region=asia");
                (status, age) = (answer.Header("Cache-Status"), answer.Header("Age"));
                return answer.Header("X-OrleansCache-Tier") is "near" && age is not "0";
            },
            "the near cache answers with an entry that is a second old");

        Assert.Matches("^OrleansCache; hit; ttl=[1-9][0-9]*; detail=near$", status);
    }

    [Fact]
    public async Task A_fresh_lookup_reads_the_catalog()
    {
        await PutAsync("book::fresh", """{"title":"Fresh"}""");
        await _server.GetAsync("/v1/books/book::fresh");

        var answer = await _server.GetAsync("/v1/books/book::fresh", "Cache-Control: no-cache");

        Assert.Equal("catalog", answer.Header("X-OrleansCache-Tier"));
        Assert.Equal("OrleansCache; fwd=request; stored; detail=catalog", answer.Header("Cache-Status"));
    }

    [Fact]
    public async Task A_book_that_is_in_no_cache_is_read_from_the_catalog()
    {
        var answer = await _server.GetAsync($"/v1/books/book::{Guid.NewGuid():N}");

        await answer.IsProblemAsync(404, "not-found");
        Assert.Equal("OrleansCache; fwd=uri-miss; stored; detail=catalog", answer.Header("Cache-Status"));
        Assert.Empty(answer.Header("ETag"));
    }

    [Fact]
    public async Task A_head_request_has_the_headers_without_the_body()
    {
        await PutAsync("book::head", """{"title":"Head"}""");
        var get = await _server.GetAsync("/v1/books/book::head");

        var head = await _server.SendAsync("HEAD", "/v1/books/book::head");

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(get.Header("ETag"), head.Header("ETag"));
        Assert.Equal(get.Header("Content-Length"), head.Header("Content-Length"));
        Assert.Empty(await head.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await _server.SendAsync("HEAD", "/v1/books/book::nowhere")).StatusCode);
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("W/{0}")]
    [InlineData("\"1-a,b\", {0}")]
    [InlineData("\"other\",W/{0} , \"more\"")]
    [InlineData("*")]
    public async Task A_version_that_the_caller_has_is_not_sent_again(string ifNoneMatch)
    {
        var etag = await PutAsync("book::known", """{"title":"Known"}""");

        var answer = await _server.GetAsync(
            "/v1/books/book::known", $"If-None-Match: {string.Format(CultureInfo.InvariantCulture, ifNoneMatch, etag)}");

        Assert.Equal(HttpStatusCode.NotModified, answer.StatusCode);
        Assert.Equal(etag, answer.Header("ETag"));
        Assert.NotEmpty(answer.Header("Cache-Status"));
        Assert.Empty(await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Another_version_is_sent()
    {
        var old = await PutAsync("book::other", """{"title":"Old"}""");
        await PutAsync("book::other", """{"title":"New"}""");

        var answer = await _server.GetAsync("/v1/books/book::other", $"If-None-Match: {old}");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("New", (string?)(await answer.JsonAsync())["title"]);
    }

    [Theory]
    [InlineData("/v1/books/caf%C3%A9::%F0%9F%93%9A", "café::📚")]
    [InlineData("/v1/books/100%25", "100%")]
    [InlineData("/v1/books/a+b%20c", "a+b c")]
    [InlineData("/v1/books/book::dotted.", "book::dotted.")]
    [InlineData("/v1/books/book%3A%3A1984/", "book::1984")]
    public async Task Keys_are_percent_encoded(string path, string key)
    {
        Assert.True((await _server.SendAsync("PUT", path, """{"title":"Encoded"}""")).IsSuccessStatusCode);

        Assert.Equal(key, (string?)(await (await _server.GetAsync(path)).JsonAsync())["key"]);
    }

    [Fact]
    public async Task An_edit_is_seen_by_the_next_lookup_of_every_server_whatever_its_near_cache_holds()
    {
        await using var other = await cluster.StartServerAsync();
        await PutAsync("book::coherent", """{"title":"0"}""");
        for (var i = 1; i <= 5; i++)
        {
            await other.GetAsync("/v1/books/book::coherent?region=asia");
            await PutAsync("book::coherent", $$"""{"title":"{{i}}"}""");

            var answer = await other.GetAsync("/v1/books/book::coherent?region=asia");

            Assert.Equal($"{i}", (string?)(await answer.JsonAsync())["title"]);
        }
    }

    [Fact]
    public async Task Many_books_are_answered_in_the_order_of_their_keys()
    {
        await PutAsync("book::many1", """{"title":"One"}""");
        await PutAsync("a,b", """{"title":"Comma"}""", "a,b");

        var got = await (await _server.GetAsync("/v1/books?keys=book::many1,book::none&keys=book::many1")).JsonAsync();
        var posted = await (await _server.SendAsync("POST", "/v1/books?region=asia", """{"keys":["book::absent","a,b"]}""")).JsonAsync();

        Assert.Equal((string[])["book::many1", "book::none", "book::many1"], got.AsArray().Select(one => (string)one!["key"]!));
        Assert.Equal((bool[])[true, false, true], got.AsArray().Select(one => (bool)one!["found"]!));
        Assert.Equal("One", (string?)got[2]!["book"]!["title"]);
        Assert.Equal(1, (long)got[0]!["version"]!);
        Assert.Null(got[1]!["book"]);
        Assert.Equal((bool[])[false, true], posted.AsArray().Select(one => (bool)one!["found"]!));
        Assert.Equal("asia", (string?)posted[0]!["region"]);
    }

    [Theory]
    [InlineData("/v1/books")]
    [InlineData("/v1/books?keys=")]
    public async Task Many_books_need_keys(string path) =>
        await (await _server.GetAsync(path)).IsProblemAsync(400, "invalid-parameter");

    [Fact]
    public async Task A_thousand_books_are_answered_and_one_more_is_not()
    {
        var keys = Enumerable.Range(0, 1_000).Select(i => $"\"book::crowd{i}\"").ToArray();

        var answer = await _server.SendAsync("POST", "/v1/books", $$"""{"keys":[{{string.Join(',', keys)}}]}""");
        var refused = await _server.SendAsync("POST", "/v1/books", $$"""{"keys":["more",{{string.Join(',', keys)}}]}""");

        Assert.Equal(1_000, (await answer.JsonAsync()).AsArray().Count);
        await refused.IsProblemAsync(400, "invalid-parameter");
    }

    [Fact]
    public async Task A_key_may_have_256_bytes()
    {
        await (await _server.GetAsync($"/v1/books/{new string('x', 256)}")).IsProblemAsync(404, "not-found");
        await (await _server.GetAsync($"/v1/books/{new string('x', 257)}")).IsProblemAsync(400, "invalid-key");
        await (await _server.GetAsync($"/v1/books?keys={new string('x', 257)}")).IsProblemAsync(400, "invalid-key");
        await (await _server.SendAsync("PUT", $"/v1/books/{new string('x', 257)}", """{"title":"A"}""")).IsProblemAsync(400, "invalid-key");
    }

    [Theory]
    [InlineData("/v1/books/book::1?region=mars", 404, "unknown-region")]
    [InlineData("/v1/books?keys=book::1&region=mars", 404, "unknown-region")]
    [InlineData("/v1/books/book::1?region=asia&region=europe", 400, "invalid-parameter")]
    [InlineData("/v1/books/book::1?atLeast=many", 400, "invalid-parameter")]
    [InlineData("/v1/books/book::1?atLeast=0", 400, "invalid-parameter")]
    public async Task Invalid_parameters_are_refused(string path, int status, string type) =>
        await (await _server.GetAsync(path)).IsProblemAsync(status, type);

    [Fact]
    public async Task A_lookup_may_ask_for_a_version_that_it_knows_of()
    {
        await PutAsync("book::version", """{"title":"One"}""");
        await PutAsync("book::version", """{"title":"Two"}""");

        var answer = await _server.GetAsync("/v1/books/book::version?atLeast=2");

        Assert.StartsWith("\"2-", answer.Header("ETag"), StringComparison.Ordinal);
    }

    private async Task<string> PutAsync(string key, string json, string? path = null)
    {
        var answer = await _server.SendAsync("PUT", $"/v1/books/{path ?? key}", json);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return answer.Header("ETag");
    }
}

using System.Net;
using OrleansCache.Http.Tests.Servers;

namespace OrleansCache.Http.Tests.Api;

/// <summary>Writing and removing books.</summary>
[Collection(ClusterTests.Name)]
public sealed class EditTests(ClusterFixture cluster)
{
    private const string Book = """{"title":"A book"}""";

    private readonly TestServer _server = cluster.Server;

    [Fact]
    public async Task A_book_is_created_replaced_and_removed()
    {
        var created = await PutAsync("book::life", Book);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal("/v1/books/book::life", created.Header("Location"));
        var document = await created.JsonAsync();
        Assert.Equal("created", (string?)document["outcome"]);
        Assert.Equal(1, (long)document["version"]!);
        Assert.Equal(created.Header("ETag"), $"\"1-{(Guid)document["tag"]!:N}\"");

        Assert.Equal("unchanged", (string?)(await (await PutAsync("book::life", Book)).JsonAsync())["outcome"]);
        var updated = await PutAsync("book::life", """{"key":"book::life","title":"Another"}""");
        Assert.Equal(HttpStatusCode.OK, updated.StatusCode);
        Assert.Equal("updated", (string?)(await updated.JsonAsync())["outcome"]);

        var removed = await _server.SendAsync("DELETE", "/v1/books/book::life");
        Assert.Equal(HttpStatusCode.OK, removed.StatusCode);
        Assert.Equal("removed", (string?)(await removed.JsonAsync())["outcome"]);
        Assert.Equal(HttpStatusCode.NotFound, (await _server.GetAsync("/v1/books/book::life")).StatusCode);
        await (await _server.SendAsync("DELETE", "/v1/books/book::life")).IsProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Every_form_of_an_ISBN_is_one_book()
    {
        const string Kept = "book::9780439023481";
        var created = await PutAsync("book::0-439-02348-3", """{"key":"book::0439023483","title":"A book"}""");
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal($"/v1/books/{Kept}", created.Header("Location"));
        Assert.Equal(Kept, (string?)(await created.JsonAsync())["key"]);

        foreach (var form in (string[])[Kept, "book::0439023483", "BOOK::978-0-439-02348-1"])
        {
            Assert.Equal(Kept, (string?)(await (await _server.GetAsync($"/v1/books/{form}")).JsonAsync())["key"]);
            Assert.Equal(Kept, (string?)(await (await _server.GetAsync($"/v1/keys/{form}/copies")).JsonAsync())["key"]);
            Assert.Equal(Kept, (string?)(await (await _server.GetAsync($"/v1/books?keys={form}")).JsonAsync())[0]!["key"]);
        }

        // As spreadsheets leave it: a lookup finds the book, and copies are told of the key that was asked for.
        const string WithoutZero = "book::439023483";
        Assert.Equal(Kept, (string?)(await (await _server.GetAsync($"/v1/books/{WithoutZero}")).JsonAsync())["key"]);
        Assert.Equal(Kept, (string?)(await (await _server.GetAsync($"/v1/books?keys={WithoutZero}")).JsonAsync())[0]!["key"]);
        Assert.Equal(WithoutZero, (string?)(await (await _server.GetAsync($"/v1/keys/{WithoutZero}/copies")).JsonAsync())["key"]);

        await (await _server.GetAsync("/v1/books/book::1984%E2%80%8B")).IsProblemAsync(400, "invalid-key");
        await (await PutAsync("book::1984%E2%80%8B", Book)).IsProblemAsync(400, "invalid-key");
        await (await PutAsync(Kept, """{"key":"book::other","title":"A book"}""")).IsProblemAsync(400, "invalid-book");
        Assert.Equal(HttpStatusCode.OK, (await _server.SendAsync("DELETE", "/v1/books/book::0439023483")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _server.GetAsync($"/v1/books/{Kept}")).StatusCode);
    }

    [Fact]
    public async Task An_edit_that_is_based_on_an_old_version_changes_nothing_and_names_the_current_one()
    {
        var old = (await PutAsync("book::match", Book)).Header("ETag");
        var current = (await PutAsync("book::match", """{"title":"Two"}""", $"If-Match: {old}")).Header("ETag");

        foreach (var refused in new[]
        {
            await PutAsync("book::match", """{"title":"Lost"}""", $"If-Match: {old}"),
            await _server.SendAsync("DELETE", "/v1/books/book::match", null, $"If-Match: {old}"),
            await PutAsync("book::match", """{"title":"Lost"}""", "If-None-Match: *"),
        })
        {
            var problem = await refused.IsProblemAsync(412, "conflict");
            Assert.Equal(current, refused.Header("ETag"));
            Assert.Equal(2, (long)problem["current"]!["version"]!);
        }

        Assert.Equal("Two", (string?)(await (await _server.GetAsync("/v1/books/book::match")).JsonAsync())["title"]);
        Assert.Equal(
            HttpStatusCode.OK, (await _server.SendAsync("DELETE", "/v1/books/book::match", null, $"If-Match: {current}")).StatusCode);
    }

    [Fact]
    public async Task A_book_that_must_be_new_is_created_once()
    {
        Assert.Equal(HttpStatusCode.Created, (await PutAsync("book::new", Book, "If-None-Match: *")).StatusCode);

        await (await PutAsync("book::new", Book, "If-None-Match: *")).IsProblemAsync(412, "conflict");
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"")]
    public async Task An_edit_that_is_repeated_with_its_id_is_made_once(string quote)
    {
        var (key, id) = ($"book::repeat{quote.Length}", $"Idempotency-Key: {quote}{Guid.NewGuid()}{quote}");
        var first = await PutAsync(key, Book, id, "If-None-Match: *");

        var second = await PutAsync(key, Book, id, "If-None-Match: *");

        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
        Assert.Equal(first.Header("ETag"), second.Header("ETag"));
    }

    [Theory]
    [InlineData("If-Match: *")]
    [InlineData("If-Match: \"seven\"")]
    [InlineData("If-Match: \"0-0f8fad5bd9cb469fa16570867728950e\"")]
    [InlineData("If-Match: W/\"7-0f8fad5bd9cb469fa16570867728950e\"")]
    [InlineData("If-Match: \"7-0f8fad5bd9cb469fa16570867728950e\", \"8-0f8fad5bd9cb469fa16570867728950e\"")]
    [InlineData("If-None-Match: \"7-0f8fad5bd9cb469fa16570867728950e\"")]
    [InlineData("Idempotency-Key: again")]
    [InlineData("Idempotency-Key: 00000000-0000-0000-0000-000000000000")]
    public async Task Conditions_that_cannot_be_met_are_refused_before_anything_is_sent(string header)
    {
        await (await PutAsync("book::condition", Book, header)).IsProblemAsync(400, "invalid-condition");

        Assert.Equal(HttpStatusCode.NotFound, (await _server.GetAsync("/v1/books/book::condition")).StatusCode);
    }

    [Theory]
    [InlineData("", "invalid-json")]
    [InlineData("null", "invalid-json")]
    [InlineData("[]", "invalid-json")]
    [InlineData("{\"title\":", "invalid-json")]
    [InlineData("{\"title\":null}", "invalid-json")]
    [InlineData("{\"title\":\"A\",\"year\":\"old\"}", "invalid-json")]
    [InlineData("{\"title\":\"A\",\"title\":\"B\"}", "invalid-json")]
    [InlineData("{\"tittle\":\"A\"}", "invalid-json")]
    [InlineData("{}", "invalid-book")]
    [InlineData("{\"title\":\" \"}", "invalid-book")]
    [InlineData("{\"key\":\"book::other\",\"title\":\"A\"}", "invalid-book")]
    public async Task A_body_that_is_no_book_is_refused(string body, string type) =>
        await (await PutAsync("book::body", body)).IsProblemAsync(400, type);

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    public async Task Another_type_than_JSON_is_refused(string type)
    {
        using var content = new StringContent(Book);
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        await (await _server.Client.PutAsync("/v1/books/book::type", content)).IsProblemAsync(415, "unsupported-media-type");
    }

    [Fact]
    public async Task A_book_may_take_64_KiB()
    {
        var most = BookPayload.MaxBytes - BookPayload.Encode(new Book("A", Description: "")).Length - "\"description\":,".Length;

        // The key is not a part of what is kept.
        Assert.Equal(HttpStatusCode.Created, (await PutAsync("book::large", Described(most - 2))).StatusCode);
        await (await PutAsync("book::large", Described(most + 100))).IsProblemAsync(400, "invalid-book");
        await (await PutAsync("book::large", Described(80 * 1024))).IsProblemAsync(413, "too-large");
    }

    private static string Described(int length) => $$"""{"title":"A","description":"{{new string('x', length)}}"}""";

    private Task<HttpResponseMessage> PutAsync(string key, string json, params string[] headers) =>
        _server.SendAsync("PUT", $"/v1/books/{key}", json, headers);
}

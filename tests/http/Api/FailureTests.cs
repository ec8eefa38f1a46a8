using OrleansCache.Client;
using OrleansCache.Http.Tests.Servers;

namespace OrleansCache.Http.Tests.Api;

/// <summary>What is answered when the cache cannot do what it is asked for.</summary>
public sealed class FailureTests
{
    [Theory]
    [InlineData(typeof(InvalidKeyException), 400, "invalid-key")]
    [InlineData(typeof(UnknownRegionException), 404, "unknown-region")]
    [InlineData(typeof(LookupFailedException), 503, "no-answer")]
    [InlineData(typeof(LookupRefusedException), 503, "overload")]
    [InlineData(typeof(CatalogUnavailableException), 503, "catalog-unavailable")]
    public async Task A_lookup_that_fails_says_why(Type error, int status, string type)
    {
        var books = new StandIn { OnGet = (_, _) => Task.FromException<LookupResult>(Make(error)) };
        await using var server = await TestServer.StartAsync(books: books);

        foreach (var path in (string[])["/v1/books/book::1", "/v1/books?keys=book::1"])
        {
            var answer = await server.GetAsync(path);

            var problem = await answer.IsProblemAsync(status, type);
            Assert.Equal("the reason", (string?)problem["detail"]);
            Assert.Equal(status is 503 ? "1" : "", answer.Header("Retry-After"));
            Assert.Empty(answer.Header("Cache-Status"));
        }
    }

    [Theory]
    [InlineData(typeof(InvalidPayloadException), 400, "invalid-book")]
    [InlineData(typeof(CatalogUnavailableException), 503, "catalog-unavailable")]
    [InlineData(typeof(RegionUnavailableException), 503, "region-unavailable")]
    public async Task An_edit_that_fails_says_why(Type error, int status, string type)
    {
        var books = new StandIn { OnEdit = (_, _, _) => Task.FromException<EditReceipt>(Make(error)) };
        await using var server = await TestServer.StartAsync(books: books);

        await (await server.SendAsync("PUT", "/v1/books/book::1", """{"title":"A"}""")).IsProblemAsync(status, type);
        await (await server.SendAsync("DELETE", "/v1/books/book::1")).IsProblemAsync(status, type);
    }

    [Fact]
    public async Task An_edit_of_unknown_outcome_names_the_id_with_which_it_was_sent()
    {
        var sent = Guid.Empty;
        var books = new StandIn
        {
            OnEdit = (_, _, options) =>
            {
                sent = options.Id!.Value;
                return Task.FromException<EditReceipt>(new OutcomeUnknownException("lost"));
            },
        };
        await using var server = await TestServer.StartAsync(books: books);

        var problem = await (await server.SendAsync("DELETE", "/v1/books/book::1")).IsProblemAsync(504, "outcome-unknown");

        Assert.NotEqual(Guid.Empty, sent);
        Assert.Equal(sent, (Guid)problem["editId"]!);
    }

    [Fact]
    public async Task An_unexpected_error_is_not_shown()
    {
        var books = new StandIn { OnGet = (_, _) => throw new InvalidOperationException("secret") };
        await using var server = await TestServer.StartAsync(books: books);

        var answer = await server.GetAsync("/v1/books/book::1");

        await answer.IsProblemAsync(500, "internal");
        Assert.DoesNotContain("secret", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flagged_answer_says_so_and_may_be_refused()
    {
        var books = new StandIn
        {
            OnGet = (key, options) => options.RequireCoherent
                ? Task.FromException<LookupResult>(new LookupFailedException("only flagged ones"))
                : Task.FromResult(StandIn.Found(key, key is "stale" ? LookupFlags.Stale : LookupFlags.Unleased)),
        };
        await using var server = await TestServer.StartAsync(books: books);

        var stale = await server.GetAsync("/v1/books/stale");
        Assert.Equal("OrleansCache; fwd=stale; detail=stale", stale.Header("Cache-Status"));
        Assert.Equal("stale", stale.Header("X-OrleansCache-Flags"));
        var unleased = await server.GetAsync("/v1/books/unleased");
        Assert.Equal("OrleansCache; fwd=miss; detail=unleased", unleased.Header("Cache-Status"));
        Assert.Equal("unleased", unleased.Header("X-OrleansCache-Flags"));
        await (await server.GetAsync("/v1/books/stale", "Cache-Control: Max-Stale=0")).IsProblemAsync(504, "flagged-answer");
        await (await server.GetAsync("/v1/books?keys=stale", "Cache-Control: max-stale=0")).IsProblemAsync(504, "flagged-answer");
    }

    [Theory]
    [InlineData(Tier.Near, "OrleansCache; hit; ttl=9; detail=near")]
    [InlineData(Tier.Silo, "OrleansCache; hit; ttl=9; detail=silo")]
    [InlineData(Tier.Redis, "OrleansCache; hit; ttl=9; detail=redis")]
    [InlineData(Tier.Owner, "OrleansCache; hit; ttl=9; detail=owner")]
    [InlineData(Tier.Catalog, "OrleansCache; fwd=uri-miss; stored; detail=catalog")]
    public async Task An_answer_names_its_tier_and_age(Tier tier, string status)
    {
        var books = new StandIn { OnGet = (key, _) => Task.FromResult(StandIn.Found(key, tier: tier)) };
        await using var server = await TestServer.StartAsync(books: books);

        var answer = await server.GetAsync("/v1/books/book::1");

        Assert.Equal(status, answer.Header("Cache-Status"));
        Assert.Equal(tier.ToString().ToLowerInvariant(), answer.Header("X-OrleansCache-Tier"));
        Assert.Equal("asia", answer.Header("X-OrleansCache-Region"));
        Assert.Equal("asia-1", answer.Header("X-OrleansCache-Node"));
        Assert.Equal("3", answer.Header("Age"));
        Assert.Equal("\"7-0f8fad5bd9cb469fa16570867728950e\"", answer.Header("ETag"));
    }

    [Fact]
    public async Task What_is_above_the_limit_of_its_group_is_answered_503_at_once_and_the_others_go_on()
    {
        var (entered, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        var books = new StandIn
        {
            OnGet = async (key, _) =>
            {
                entered.TrySetResult();
                await gate.Task;
                return StandIn.Found(key);
            },
        };
        await using var server = await TestServer.StartAsync(new() { MaxLookups = 1 }, books: books);
        var first = server.GetAsync("/v1/books/book::1");
        await entered.Task;

        var refused = await server.GetAsync("/v1/books/book::1");
        var edit = await server.SendAsync("DELETE", "/v1/books/book::1");

        await refused.IsProblemAsync(503, "overload");
        Assert.Equal("1", refused.Header("Retry-After"));
        Assert.True(edit.IsSuccessStatusCode);
        gate.SetResult();
        Assert.True((await first).IsSuccessStatusCode);
        Assert.True((await server.GetAsync("/v1/books/book::1")).IsSuccessStatusCode);
    }

    [Fact]
    public async Task What_there_is_not_is_a_problem_too()
    {
        await using var server = await TestServer.StartAsync(books: new StandIn());

        await (await server.GetAsync("/v1/shelves")).IsProblemAsync(404, "unknown-route");
        await (await server.GetAsync("/v1/books/a/b")).IsProblemAsync(404, "unknown-route");
        var refused = await server.SendAsync("PATCH", "/v1/books/book::1", "{}");
        await refused.IsProblemAsync(405, "method-not-allowed");
        Assert.Contains("PUT", refused.Header("Allow"), StringComparison.Ordinal);
    }

    private static Exception Make(Type error) => (Exception)Activator.CreateInstance(error, "the reason")!;
}

using System.Text.Json.Nodes;
using OrleansCache.Http.Tests.Servers;
using OrleansCache.TestSupport;

namespace OrleansCache.Http.Tests.Live;

/// <summary>What the page asks the server for.</summary>
[Collection(ClusterTests.Name)]
public sealed class LiveTests(ClusterFixture cluster)
{
    private readonly TestServer _server = cluster.Server;

    [Fact]
    public async Task A_key_that_is_looked_up_all_the_time_is_the_hottest_one()
    {
        const string key = "live::hot";
        await foreach (var message in WatchAsync())
        {
            // Of a key that is absent this silo's near cache keeps nothing for long; past it, every lookup reaches a silo.
            for (var i = 0; i < 20; i++)
                await _server.GetAsync($"/v1/books/{key}?region=asia", "Cache-Control: no-cache");
            if (message["snapshot"]!["hotKeys"]!.AsArray().FirstOrDefault() is not { } hottest || (string)hottest["key"]! != key)
                continue;
            Assert.Equal("asia", (string?)hottest["regions"]!.AsArray().Single());
            Assert.InRange((double)hottest["share"]!, 0.01, 1);
            Assert.True((double)hottest["rate"]! > 0);
            return;
        }
    }

    [Fact]
    public async Task The_waits_of_edits_are_in_the_history()
    {
        var version = 0;
        await foreach (var message in WatchAsync())
        {
            await _server.SendAsync("PUT", "/v1/books/live::waits", $$"""{"title":"Version {{++version}}"}""");
            await _server.GetAsync("/v1/books/live::waits");
            if (message["point"]?["editWait"] is not { } wait)
                continue;
            Assert.InRange((double)wait[0]!, 0, (double)wait[1]!);
            return;
        }
    }

    [Fact]
    public async Task The_steps_of_a_lookup_have_their_times()
    {
        var way = await LookUpAsync("live::steps", "asia");

        Assert.Equal("catalog", (string?)way["tier"]);
        string[] places =
        [
            "memory of europe.1's HTTP server", "to asia.1 and back", "memory of asia.1", "node asia-1 of asia", "owner of the key's slot",
            "catalog",
        ];
        var steps = way["steps"]!.AsArray();
        Assert.Equal(places, steps.Select(step => (string)step!["place"]!));
        Assert.Equal((string[])["miss", "way", "miss", "miss", "asks", "hit"], steps.Select(step => (string)step!["kind"]!));
        // The owner is asked after the node has answered; the catalog is read while the owner is waited for.
        var (node, owner, catalog) = (Of(steps[3]!), Of(steps[4]!), Of(steps[5]!));
        Assert.True(node.End <= owner.Start + 0.001, $"{node} {owner}");
        Assert.True(owner.Start <= catalog.Start && catalog.End <= owner.End + 0.001, $"{owner} {catalog}");
        Assert.True(owner.End <= (double)way["elapsed"]!, $"{owner} {way["elapsed"]}");
        Assert.True(node.End > node.Start && owner.End > owner.Start);
    }

    [Fact]
    public async Task A_lookup_that_memory_answers_asks_nobody_else()
    {
        await _server.SendAsync("PUT", "/v1/books/live::memory", """{"title":"Memory"}""");
        await LookUpAsync("live::memory", "asia");
        // Another server has another near cache.
        await using var other = await cluster.StartServerAsync();

        var way = await LookUpAsync("live::memory", "asia", other);
        Assert.Equal("silo", (string?)way["tier"]);
        Assert.Equal(
            (string[])["memory of europe.1's HTTP server", "to asia.1 and back", "memory of asia.1"],
            way["steps"]!.AsArray().Select(step => (string)step!["place"]!));

        await Eventually.IsTrueAsync(
            async () => (string?)(way = await LookUpAsync("live::memory", "asia", other))["tier"] is "near", "the book is near");
        Assert.Equal("hit", (string?)Assert.Single(way["steps"]!.AsArray())!["kind"]);
    }

    [Fact]
    public async Task The_catalog_is_shown_beside_the_copies_and_reading_it_makes_none()
    {
        await _server.SendAsync("PUT", "/v1/books/live::catalog", """{"title":"Catalog"}""");

        var seen = await (await _server.GetAsync("/v1/live/copies?key=live::catalog")).JsonAsync();

        Assert.True((bool)seen["catalog"]!["exists"]!);
        Assert.Equal(1, (long)seen["catalog"]!["version"]!);
        Assert.Equal(32, ((string)seen["catalog"]!["tag"]!).Length);
        Assert.All(
            seen["regions"]!.AsArray().SelectMany(region => region!["copies"]!.AsArray()), copy => Assert.False((bool)copy!["holds"]!));

        await _server.SendAsync("DELETE", "/v1/books/live::catalog");
        seen = await (await _server.GetAsync("/v1/live/copies?key=live::catalog")).JsonAsync();
        Assert.Equal((false, 2), ((bool)seen["catalog"]!["exists"]!, (long)seen["catalog"]!["version"]!));
    }

    private static (double Start, double End) Of(JsonNode step) =>
        ((double)step["start"]!, (double)step["start"]! + (double)step["time"]!);

    private async Task<JsonNode> LookUpAsync(string key, string region, TestServer? server = null)
    {
        var answer = await (server ?? _server).GetAsync($"/v1/live/lookup?key={key}&region={region}");
        var way = await answer.JsonAsync();
        Assert.True((bool?)way["answered"] is true, way.ToJsonString());
        return way;
    }

    private async IAsyncEnumerable<JsonNode> WatchAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/live");
        using var answer = await _server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        while (await lines.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal))
                yield return JsonNode.Parse(line[5..])!;
        }

        Assert.Fail("The stream has ended.");
    }
}

using OrleansCache.Http.Tests.Servers;

namespace OrleansCache.Http.Tests.Api;

/// <summary>The state of the cluster, and what operators change.</summary>
[Collection(ClusterTests.Name)]
public sealed class OperatorTests(ClusterFixture cluster)
{
    private readonly TestServer _server = cluster.Server;

    [Fact]
    public async Task The_regions_are_named_with_their_silos_and_connections()
    {
        var document = await (await _server.GetAsync("/v1/regions")).JsonAsync();

        Assert.Equal("europe", (string?)document["home"]);
        Assert.Equal("europe", (string?)document["here"]);
        var regions = document["regions"]!.AsArray();
        Assert.Equal((string[])["europe", "asia"], regions.Select(region => (string)region!["name"]!));
        Assert.Equal((string[])["europe"], regions[1]!["fallback"]!.AsArray().Select(name => (string)name!));
        Assert.All(regions, region => Assert.True((bool)region!["connected"]!));
        Assert.Equal("asia.1", (string?)regions[1]!["silos"]![0]!["name"]);
    }

    [Fact]
    public async Task Every_silo_has_statistics()
    {
        var document = await (await _server.GetAsync("/v1/stats")).JsonAsync();

        Assert.Equal((string[])["europe.1", "asia.1"], document["silos"]!.AsArray().Select(silo => (string)silo!["silo"]!));
        Assert.Empty(document["unreachableRegions"]!.AsArray());
    }

    [Fact]
    public async Task The_ring_changes_and_says_where_a_key_lies_but_not_the_password_of_a_node()
    {
        var added = await _server.SendAsync(
            "POST", "/v1/regions/asia/nodes",
            """{"name":"extra","connection":"127.0.0.1:1,password=${env:PATH},user=somebody,connectTimeout=100","weight":300}""");
        Assert.Equal(201, (int)added.StatusCode);
        try
        {
            var text = await (await _server.GetAsync("/v1/regions/asia/ring?key=book::1984")).Content.ReadAsStringAsync();
            Assert.Contains("\"name\":\"extra\",\"address\":\"127.0.0.1:1\",\"weight\":300", text, StringComparison.Ordinal);
            Assert.Contains("\"key\":\"book::1984\",\"nodeOfKey\":\"", text, StringComparison.Ordinal);
            Assert.DoesNotContain("password", text + await added.Content.ReadAsStringAsync(), StringComparison.Ordinal);

            var weighed = await _server.SendAsync("PATCH", "/v1/regions/asia/nodes/extra", """{"weight":50}""");
            Assert.Contains(
                (await weighed.JsonAsync())["nodes"]!.AsArray(), node => (string)node!["name"]! is "extra" && (int)node["weight"]! == 50);
            await (await _server.SendAsync("PATCH", "/v1/regions/asia/nodes/extra", """{"weight":0}"""))
                .IsProblemAsync(400, "invalid-topology");
            var inClear = await _server.SendAsync(
                "POST", "/v1/regions/asia/nodes", """{"name":"clear","connection":"127.0.0.1:1,password=secret"}""");
            Assert.DoesNotContain("secret", await inClear.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            await inClear.IsProblemAsync(400, "invalid-topology");
            await (await _server.SendAsync("POST", "/v1/regions/asia/nodes", """{"name":"extra","connection":"memory:more"}"""))
                .IsProblemAsync(409, "node-exists");
        }
        finally
        {
            var removed = await _server.SendAsync("DELETE", "/v1/regions/asia/nodes/extra");
            Assert.DoesNotContain("extra", await removed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        await (await _server.SendAsync("DELETE", "/v1/regions/asia/nodes/extra")).IsProblemAsync(404, "unknown-node");
        await (await _server.SendAsync("DELETE", "/v1/regions/mars/nodes/extra")).IsProblemAsync(404, "unknown-region");
        var invalid = await _server.SendAsync(
            "POST", "/v1/regions/asia/nodes", """{"name":"bad","connection":"redis://user:secret@host,password=${env:PATH}"}""");
        await invalid.IsProblemAsync(400, "invalid-topology");
        Assert.DoesNotContain("secret", await invalid.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_copies_of_a_book_are_shown_and_dropped()
    {
        await _server.SendAsync("PUT", "/v1/books/book::copies", """{"title":"Copies"}""");
        await _server.GetAsync("/v1/books/book::copies");

        var held = await (await _server.GetAsync("/v1/keys/book::copies/copies")).JsonAsync();
        Assert.Equal(1, (long)held["catalog"]!["version"]!);
        var silo = held["regions"]![0]!["silos"]![0]!;
        Assert.True((bool)silo["exists"]!);
        Assert.Equal(1, (long)silo["version"]!);
        Assert.True((double)silo["timeToLiveMs"]! > 0);

        var purged = await _server.SendAsync("POST", "/v1/regions/europe/purge", """{"keys":["book::copies"]}""");
        Assert.Equal("europe.1", (string?)(await purged.JsonAsync())["silos"]![0]);
        var dropped = await (await _server.GetAsync("/v1/keys/book::copies/copies")).JsonAsync();
        Assert.False((bool)dropped["regions"]![0]!["silos"]![0]!["held"]!);
        Assert.Equal((true, 1), ((bool)dropped["catalog"]!["exists"]!, (long)dropped["catalog"]!["version"]!));
    }

    [Theory]
    [InlineData("""{"keys":[]}""", 400, "invalid-parameter")]
    [InlineData("""{"key":["a"]}""", 400, "invalid-json")]
    [InlineData("""{"keys":["a\u0000"]}""", 400, "invalid-key")]
    public async Task A_purge_that_is_misspelt_drops_nothing(string body, int status, string type) =>
        await (await _server.SendAsync("POST", "/v1/regions/europe/purge", body)).IsProblemAsync(status, type);
}

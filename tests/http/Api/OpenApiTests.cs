using System.Text.Json.Nodes;
using OrleansCache.Http.Tests.Servers;

namespace OrleansCache.Http.Tests.Api;

/// <summary>The document that describes the API.</summary>
public sealed class OpenApiTests
{
    private static readonly string File = Path.Combine(Repository.Root, "docs", "openapi.json");

    [Fact]
    public async Task The_document_in_the_repository_is_that_of_the_server()
    {
        await using var server = await TestServer.StartAsync(books: new StandIn());

        var document = (await server.Client.GetStringAsync("/openapi/v1.json")).ReplaceLineEndings("\n") + "\n";

        if (Environment.GetEnvironmentVariable("ORLEANSCACHE_WRITE_OPENAPI") is "1")
            await System.IO.File.WriteAllTextAsync(File, document);
        Assert.True(
            await System.IO.File.ReadAllTextAsync(File) == document,
            "docs/openapi.json is not what the server answers; ORLEANSCACHE_WRITE_OPENAPI=1 ./test --filter OpenApiTests writes it anew.");
    }

    [Fact]
    public async Task Every_operation_has_an_id_of_its_own_and_says_what_it_answers()
    {
        var document = JsonNode.Parse(await System.IO.File.ReadAllTextAsync(File))!;

        var operations = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).ToArray();

        Assert.Equal("3.1", ((string)document["openapi"]!)[..3]);
        Assert.Equal(operations.Length, operations.Select(operation => (string)operation.Value!["operationId"]!).Distinct().Count());
        Assert.All(operations, operation => Assert.NotEmpty((string?)operation.Value!["summary"] ?? ""));
        Assert.All(operations, operation => Assert.NotEmpty(operation.Value!["responses"]!.AsObject()));
        Assert.Contains("/v1/books/{key}", document["paths"]!.AsObject().Select(path => path.Key));
    }
}

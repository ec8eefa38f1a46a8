using System.Text.Json;

namespace OrleansCache.Deployment.Tests.Compose;

/// <summary>A Dockerfile of the repository, as far as its lines are needed here.</summary>
internal sealed class ImageRecipe(string file)
{
    private readonly string[][] _lines =
    [
        .. File.ReadAllLines(Repository.PathOf(file)).Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
    ];

    public IReadOnlyList<string> Arguments => [.. Of("ARG").Select(words => words[1].Split('=')[0])];

    public IReadOnlyList<string> Ports => [.. Of("EXPOSE").SelectMany(words => words.Skip(1))];

    /// <summary>The words of the one command that builds.</summary>
    public IReadOnlyList<string> Run => [.. Of("RUN").Single().Skip(1)];

    public IReadOnlyList<string> EntryPoint => JsonSerializer.Deserialize<string[]>(string.Join(' ', Of("ENTRYPOINT").Single().Skip(1)))!;

    /// <summary>What is copied from the repository into the image that runs: from where, to where.</summary>
    public IReadOnlyList<(string From, string To)> Copied =>
        [.. Of("COPY").Where(words => words is [_, not ("." or "--from=build"), _]).Select(words => (words[1], words[2]))];

    private IEnumerable<string[]> Of(string instruction) => _lines.Where(words => words[0] == instruction);
}

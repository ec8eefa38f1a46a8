using System.Text.Json;

namespace OrleansCache.Deployment.Tests.Compose;

/// <summary>The instructions of a Dockerfile of the repository.</summary>
internal sealed class ImageRecipe(string file)
{
    private readonly string[][] _lines =
    [
        .. File.ReadAllLines(Repository.PathOf(file))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
    ];

    /// <summary>The words of the one command that builds.</summary>
    public IReadOnlyList<string> Run => [.. Of("RUN").Single().Skip(1)];

    public IReadOnlyList<string> EntryPoint => JsonSerializer.Deserialize<string[]>(string.Join(' ', Of("ENTRYPOINT").Single().Skip(1)))!;

    /// <summary>The files of the repository that are copied into the image that runs: from where, to where.</summary>
    public IReadOnlyList<(string From, string To)> Copied =>
        [.. Of("COPY").Where(words => words is [_, not ("." or "--from=build"), _]).Select(words => (words[1], words[2]))];

    private IEnumerable<string[]> Of(string instruction) => _lines.Where(words => words[0] == instruction);
}

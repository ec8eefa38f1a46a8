using OrleansCache.Deployment.Tests.Compose;

namespace OrleansCache.Deployment.Tests;

/// <summary>
/// The programs as their images have them: published once, by the commands in their Dockerfiles, from what was built with these tests.
/// </summary>
[CollectionDefinition(Collection)]
public sealed class PublishedPrograms : IAsyncLifetime, ICollectionFixture<PublishedPrograms>
{
    public const string Collection = "published programs";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanscache-published-");

    public string Silo => FolderOf("silo/Dockerfile");

    public string Console => FolderOf("client/Dockerfile");

    /// <summary>The folder with both programs, as a checkout has them for <c>./run cluster</c>.</summary>
    public string Both => Path.Combine(_folder.FullName, "both");

    public async Task InitializeAsync()
    {
        await PublishAsync("silo/Dockerfile");
        await PublishAsync("client/Dockerfile");
        foreach (var program in (string[])[Console, Silo])
        {
            foreach (var file in Directory.EnumerateFiles(program, "*", SearchOption.AllDirectories))
            {
                var copy = Path.Combine(Both, Path.GetRelativePath(program, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy, overwrite: true);
            }
        }
    }

    public Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>A program's folder, which is <c>/app</c> in its image.</summary>
    public string FolderOf(string dockerfile) => Path.Combine(_folder.FullName, dockerfile.Split('/')[0]);

    private async Task PublishAsync(string dockerfile)
    {
        var recipe = new ImageRecipe(dockerfile);
        var command = recipe.Run.Select(word => word switch
        {
            "/app" => FolderOf(dockerfile),
            "Release" => Repository.Read("Configuration"),
            _ => word,
        });
        var environment = new Dictionary<string, string> { ["MSBUILDDISABLENODEREUSE"] = "1" };
        var (code, output) = await Commands.RunAsync(Repository.Root, [.. command, "--no-build"], environment);
        Assert.True(code == 0, output);
        foreach (var (from, to) in recipe.Copied)
        {
            var copy = Path.Combine(FolderOf(dockerfile), to);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Repository.PathOf(from), copy);
        }
    }
}

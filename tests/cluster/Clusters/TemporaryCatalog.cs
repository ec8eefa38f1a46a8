namespace OrleansCache.Tests.Clusters;

/// <summary>A catalog file in a folder of its own.</summary>
public sealed class TemporaryCatalog : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanscache-");

    public string Path => System.IO.Path.Combine(_folder.FullName, "books.db");

    public void Dispose() => _folder.Delete(recursive: true);
}

namespace OrleansCache.LocalClusters;

/// <summary>Where the silo program is.</summary>
internal static class SiloProgramFile
{
    private const string Name = "orleanscache-silo.dll";

    /// <summary>The program's assembly: beside the running program when both were published together, else in the build's folder of the silo project.</summary>
    public static string Find()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var beside = Path.Combine(here.FullName, Name);
        return File.Exists(beside) || here.Parent?.Parent is not { } builds ? beside : Path.Combine(builds.FullName, "OrleansCache.Silo", here.Name, Name);
    }
}

namespace OrleansCache.LocalClusters;

/// <summary>Finds the programs that local clusters run.</summary>
internal static class Programs
{
    private const string SiloAssembly = "orleanscache-silo.dll";

    /// <summary>The path of the <c>dotnet</c> that runs this process, or its name, which is then looked up on the PATH.</summary>
    public static string DotNet =>
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path
        : Path.GetFileNameWithoutExtension(Environment.ProcessPath) is "dotnet" ? Environment.ProcessPath!
        : "dotnet";

    /// <summary>The silo program: beside the running program if both were published together, else in its project's build output.</summary>
    public static string FindSilo()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var beside = Path.Combine(here.FullName, SiloAssembly);
        return File.Exists(beside) || here.Parent?.Parent is not { } builds
            ? beside
            : Path.Combine(builds.FullName, "OrleansCache.Silo", here.Name, SiloAssembly);
    }

    /// <summary>Whether a program is in a folder of the PATH.</summary>
    public static bool IsOnThePath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, program)));
}

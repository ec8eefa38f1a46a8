namespace OrleansCache.LocalClusters;

/// <summary>Finds programs of this machine.</summary>
internal static class Programs
{
    /// <summary>Whether a program is in a folder of the PATH.</summary>
    public static bool IsOnThePath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, program)));
}

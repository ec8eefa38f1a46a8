namespace OrleansCache.LocalClusters;

/// <summary>The <c>dotnet</c> that runs this process.</summary>
internal static class DotNetHost
{
    /// <summary>Its path when it is known, else its name, which the PATH has then.</summary>
    public static string Path =>
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } given ? given
        : System.IO.Path.GetFileNameWithoutExtension(Environment.ProcessPath) is "dotnet" ? Environment.ProcessPath!
        : "dotnet";
}

using System.Reflection;

namespace OrleansCache.Cli.Session;

/// <summary>Which engine this program was built with, and why.</summary>
internal sealed record EngineInfo(string Name, string Reason)
{
    public static EngineInfo Current { get; } = new(Read("OrleansEngine"), Read("OrleansEngineReason"));

    /// <summary>The program's version.</summary>
    public string Version { get; } =
        typeof(EngineInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public override string ToString() => $"{Name} engine ({Reason})";

    private static string Read(string key) =>
        typeof(EngineInfo).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(data => data.Key == key)?.Value ?? "unknown";
}

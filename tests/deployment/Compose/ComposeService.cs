namespace OrleansCache.Deployment.Tests.Compose;

/// <summary>A service of the compose file.</summary>
internal sealed class ComposeService(string name, Dictionary<string, object?> yaml)
{
    public string Name => name;

    public IReadOnlyList<string> Command => List(yaml, "command");

    public IReadOnlyDictionary<string, string> Environment => yaml.TryGetValue("environment", out var value)
        ? ComposeFile.Map(value).ToDictionary(entry => entry.Key, entry => (string)entry.Value!)
        : [];

    /// <summary>The words of the health check's command; none when there is no check.</summary>
    public IReadOnlyList<string> HealthTest => yaml.TryGetValue("healthcheck", out var value) ? List(ComposeFile.Map(value), "test") : [];

    /// <summary>The most memory that it may take, or null.</summary>
    public string? MemoryLimit => yaml.TryGetValue("mem_limit", out var value) ? (string)value! : null;

    public string? Dockerfile => yaml.TryGetValue("build", out var value) ? (string)ComposeFile.Map(value)["dockerfile"]! : null;

    private static IReadOnlyList<string> List(Dictionary<string, object?> map, string key) =>
        map.TryGetValue(key, out var value) ? [.. ((List<object>)value!).Cast<string>()] : [];
}

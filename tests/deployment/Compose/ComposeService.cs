namespace OrleansCache.Deployment.Tests.Compose;

/// <summary>A service of the compose file.</summary>
internal sealed class ComposeService(string name, Dictionary<string, object?> yaml)
{
    public string Name => name;

    public IEnumerable<string> Keys => yaml.Keys;

    public string Image => (string)yaml["image"]!;

    public IReadOnlyList<string> Command => List("command");

    public IReadOnlyDictionary<string, string> Environment =>
        yaml.TryGetValue("environment", out var value) ? ComposeFile.Map(value).ToDictionary(entry => entry.Key, entry => (string)entry.Value!) : [];

    /// <summary>Whom it waits for, and until when.</summary>
    public IReadOnlyDictionary<string, string> DependsOn =>
        yaml.TryGetValue("depends_on", out var value) ? ComposeFile.Map(value).ToDictionary(entry => entry.Key, entry => (string)ComposeFile.Map(entry.Value)["condition"]!) : [];

    public IReadOnlyList<string> HealthTest =>
        yaml.TryGetValue("healthcheck", out var value) ? [.. ((List<object>)ComposeFile.Map(value)["test"]!).Cast<string>()] : [];

    public IReadOnlyList<string> Networks => List("networks");

    public IReadOnlyList<string> Volumes => List("volumes");

    public string? Dockerfile => Build is { } build ? (string)build["dockerfile"]! : null;

    public IReadOnlyDictionary<string, string> BuildArguments =>
        Build is { } build ? ComposeFile.Map(build["args"]).ToDictionary(entry => entry.Key, entry => (string)entry.Value!) : [];

    private Dictionary<string, object?>? Build => yaml.TryGetValue("build", out var value) ? ComposeFile.Map(value) : null;

    private IReadOnlyList<string> List(string key) => yaml.TryGetValue(key, out var value) ? [.. ((List<object>)value!).Cast<string>()] : [];
}

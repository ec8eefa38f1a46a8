using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace OrleansCache.Deployment.Tests.Compose;

/// <summary>The repository's <c>docker-compose.yml</c>.</summary>
internal sealed class ComposeFile
{
    private readonly Dictionary<string, object> _root;

    private ComposeFile(Dictionary<string, object> root)
    {
        _root = root;
        Services = Names("services").ToDictionary(name => name, name => new ComposeService(name, Map(Map(_root["services"])[name])));
    }

    public IReadOnlyDictionary<string, ComposeService> Services { get; }

    public IEnumerable<ComposeService> Silos => Services.Values.Where(service => service.Dockerfile == "silo/Dockerfile");

    public ComposeService Client => Services["client"];

    public IEnumerable<string> Keys => _root.Keys;

    public static ComposeFile Read()
    {
        using var text = File.OpenText(Repository.PathOf("docker-compose.yml"));
        var parser = new MergingParser(new YamlDotNet.Core.Parser(text));
        return new(new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(parser));
    }

    /// <summary>The names below a key of the file.</summary>
    public IReadOnlyList<string> Names(string key) => [.. Map(_root[key]).Keys];

    internal static Dictionary<string, object?> Map(object? yaml) =>
        ((Dictionary<object, object?>)yaml!).ToDictionary(entry => (string)entry.Key, entry => entry.Value);
}

using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace OrleansCache.Deployment.Tests.Compose;

/// <summary>The repository's <c>docker-compose.yml</c>.</summary>
internal sealed class ComposeFile
{
    private ComposeFile(Dictionary<string, object?> services) =>
        Services = services.ToDictionary(service => service.Key, service => new ComposeService(service.Key, Map(service.Value)));

    public IReadOnlyDictionary<string, ComposeService> Services { get; }

    public IEnumerable<ComposeService> Silos => Services.Values.Where(service => service.Dockerfile == "silo/Dockerfile");

    public ComposeService Client => Services["client"];

    public static ComposeFile Read()
    {
        using var text = File.OpenText(Repository.PathOf("docker-compose.yml"));
        var parser = new MergingParser(new YamlDotNet.Core.Parser(text));
        return new(Map(new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(parser)["services"]));
    }

    internal static Dictionary<string, object?> Map(object? yaml) =>
        ((Dictionary<object, object?>)yaml!).ToDictionary(entry => (string)entry.Key, entry => entry.Value);
}

using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace OrleansCache.Deployment.Tests.Compose;

/// <summary>The repository's <c>docker-compose.yml</c>, with a value for each variable that it needs.</summary>
internal sealed partial class ComposeFile
{
    private ComposeFile(Dictionary<string, object?> services) =>
        Services = services.ToDictionary(service => service.Key, service => new ComposeService(service.Key, Map(service.Value)));

    public IReadOnlyDictionary<string, ComposeService> Services { get; }

    public IEnumerable<ComposeService> Silos => Services.Values.Where(service => service.Dockerfile == "silo/Dockerfile");

    public ComposeService Client => Services["client"];

    public static ComposeFile Read()
    {
        var written = File.ReadAllText(Repository.PathOf("docker-compose.yml"));
        var text = Variable().Replace(written, variable => ValueOf(variable.Groups[1].Value));
        var parser = new MergingParser(new YamlDotNet.Core.Parser(new StringReader(text)));
        return new(Map(new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(parser)["services"]));
    }

    /// <summary>The value that a variable has here.</summary>
    public static string ValueOf(string variable) => $"value-of-{variable}";

    internal static Dictionary<string, object?> Map(object? yaml) =>
        ((Dictionary<object, object?>)yaml!).ToDictionary(entry => (string)entry.Key, entry => entry.Value);

    // Required, with a message; what has a default is left as it is, and fails the tests.
    [GeneratedRegex(@"\$\{([A-Z_]+):\?[^}]+\}")]
    private static partial Regex Variable();
}

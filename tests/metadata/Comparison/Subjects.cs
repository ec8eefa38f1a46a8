using System.Reflection;
using OrleansCache.Metadata.Tests.Model;
using OrleansCache.Metadata.Tests.Reading;

namespace OrleansCache.Metadata.Tests.Comparison;

/// <summary>What is compared with what; the build says where it is.</summary>
public sealed class Subjects
{
    /// <summary>Reads everything.</summary>
    public Subjects()
    {
        Packages = [.. PackageAssemblies()];
        Ours = Index(Named("BundledEngine"));
        Theirs = Index(Packages);
        Everywhere = Index(Packages.Where(path => Path.GetFileNameWithoutExtension(path) is "Orleans.Core.Abstractions" or "Orleans.TestingHost"));
        UsedByTheProject = Named("EngineUser").SelectMany(path =>
        {
            using var file = new AssemblyFile(path);
            return file.Supertypes.ToArray();
        }).ToHashSet();
        Elsewhere = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "elsewhere.txt"))
            .Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(' ')).ToDictionary(words => words[1], words => words[0]);
    }

    /// <summary>The assemblies of Orleans' packages that were found.</summary>
    public IReadOnlyList<string> Packages { get; }

    /// <summary>The bundled engine.</summary>
    public ApiIndex Ours { get; }

    /// <summary>Orleans' packages.</summary>
    public ApiIndex Theirs { get; }

    /// <summary>Those of them that are at hand wherever this is built.</summary>
    public ApiIndex Everywhere { get; }

    /// <summary>The types that types of the project, the engine aside, derive from and implement.</summary>
    public IReadOnlySet<string> UsedByTheProject { get; }

    /// <summary>The types whose counterparts are in packages that may not be at hand, with the assemblies that have them.</summary>
    public IReadOnlyDictionary<string, string> Elsewhere { get; }

    /// <summary>Whether an assembly of Orleans was found.</summary>
    public bool IsAtHand(string assembly) => Packages.Any(path => Path.GetFileNameWithoutExtension(path) == assembly);

    private static string[] Named(string key) =>
        [.. typeof(Subjects).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Where(attribute => attribute.Key == key).Select(attribute => attribute.Value!)];

    private static ApiIndex Index(IEnumerable<string> paths)
    {
        List<ApiType> types = [];
        List<KeyValuePair<string, string>> forwards = [];
        foreach (var path in paths)
        {
            using var file = new AssemblyFile(path);
            types.AddRange(file.Types);
            forwards.AddRange(file.Forwards);
        }

        return new ApiIndex(types, forwards);
    }

    /// <summary>Every Microsoft.Orleans package of our version in the package folder, each with the newest framework that it has.</summary>
    private static IEnumerable<string> PackageAssemblies()
    {
        var root = Named("OrleansPackages").Single();
        var version = Named("OrleansVersion").Single();
        foreach (var package in Directory.GetDirectories(root, "microsoft.orleans.*").Order(StringComparer.Ordinal))
        {
            var libraries = Path.Combine(package, version, "lib");
            if (!Directory.Exists(libraries))
                continue;
            var framework = Directory.GetDirectories(libraries).MaxBy(path => Rank(Path.GetFileName(path)));
            foreach (var assembly in framework is null ? [] : Directory.GetFiles(framework, "*.dll"))
                yield return assembly;
        }
    }

    /// <summary>net10.0 before net8.0, these before netstandard.</summary>
    private static double Rank(string framework) =>
        framework.StartsWith("net", StringComparison.Ordinal) && double.TryParse(framework[3..], System.Globalization.CultureInfo.InvariantCulture, out var version) ? version : 0;
}

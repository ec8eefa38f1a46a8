using System.Reflection;

namespace OrleansCache.Deployment.Tests;

/// <summary>The repository that these tests were built from.</summary>
internal static class Repository
{
    public static string Root => Read("RepositoryRoot");

    public static string Read(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(data => data.Key == key).Value!;

    public static string PathOf(string file) => Path.Combine(Root, file);
}

namespace OrleansCache.Metadata.Tests.Model;

/// <summary>The types of several assemblies, by full name, wherever among them they are defined.</summary>
/// <param name="types">The types.</param>
/// <param name="forwards">Types that an assembly says are elsewhere: name, and the assembly that it points to.</param>
public sealed class ApiIndex(IEnumerable<ApiType> types, IEnumerable<KeyValuePair<string, string>> forwards)
{
    private readonly Dictionary<string, ApiType> _types = types.DistinctBy(type => type.Name).ToDictionary(type => type.Name);
    private readonly Dictionary<string, string> _forwards = forwards.DistinctBy(forward => forward.Key).ToDictionary(forward => forward.Key, forward => forward.Value);

    /// <summary>All types, in the order of their names.</summary>
    public IEnumerable<ApiType> Types => _types.Values.OrderBy(type => type.Name, StringComparer.Ordinal);

    /// <summary>The type of that name, or none. As the index holds every assembly's definitions, a forwarded type is found where it went.</summary>
    public ApiType? Find(string name) => _types.GetValueOrDefault(name);

    /// <summary>The assembly that a type was forwarded to when it is not among these, or none.</summary>
    public string? WentTo(string name) => Find(name) is null ? _forwards.GetValueOrDefault(name) : null;

    /// <summary>The type and its base types as far as they are among these.</summary>
    public IEnumerable<ApiType> WithBases(ApiType type)
    {
        for (var next = type; next is not null; next = Find(WithoutArguments(next.Base)))
            yield return next;
    }

    private static string WithoutArguments(string name) => name.IndexOf('<', StringComparison.Ordinal) is var at and >= 0 ? name[..at] : name;
}

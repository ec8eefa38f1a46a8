namespace OrleansCache.Metadata.Tests.Model;

/// <summary>A type as its users see it.</summary>
/// <param name="Name">The full name; a nested type's follows its outer type's after a plus sign.</param>
/// <param name="Kind">class, struct, interface, enum or delegate.</param>
/// <param name="Base">The base type, or nothing.</param>
/// <param name="Interfaces">The visible interfaces, those of interfaces included.</param>
/// <param name="Facts">All else that can be compared, by name.</param>
/// <param name="Members">The visible members.</param>
public sealed record ApiType(
    string Name,
    string Kind,
    string Base,
    IReadOnlySet<string> Interfaces,
    IReadOnlyDictionary<string, string> Facts,
    IReadOnlyList<ApiMember> Members);

namespace OrleansCache.Metadata.Tests.Model;

/// <summary>A member as its users see it.</summary>
/// <param name="Id">What tells it from its type's other members: kind, name, number of type parameters and the parameters' types.</param>
/// <param name="IsAbstract">Whether a derived type must provide it.</param>
/// <param name="IsOverride">Whether it replaces a member of a base type.</param>
/// <param name="Facts">What can be compared, by name.</param>
public sealed record ApiMember(string Id, bool IsAbstract, bool IsOverride, IReadOnlyDictionary<string, string> Facts);

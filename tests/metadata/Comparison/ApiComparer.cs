using OrleansCache.Metadata.Tests.Model;

namespace OrleansCache.Metadata.Tests.Comparison;

/// <summary>Says where a type of ours differs from its counterpart. We may offer less, but what we offer must be the same.</summary>
/// <param name="theirs">Where the counterparts and their base types are.</param>
public sealed class ApiComparer(ApiIndex theirs)
{
    private static readonly string[] EveryObjectHas = ["method Equals(System.Object)", "method GetHashCode()", "method ToString()"];

    /// <summary>All differences of a type, as sentences; none when users cannot tell it from its counterpart.</summary>
    public IEnumerable<string> Compare(ApiType mine, ApiType other)
    {
        if (mine.Kind != other.Kind)
            yield return $"{mine.Name} is a {mine.Kind}, and there a {other.Kind}.";
        if (mine.Base != other.Base)
            yield return $"{mine.Name} derives from {mine.Base}, and there from {other.Base}.";
        var implemented = theirs.WithBases(other).SelectMany(type => type.Interfaces).ToHashSet();
        foreach (var missing in mine.Interfaces.Except(implemented).Order(StringComparer.Ordinal))
            yield return $"{mine.Name} implements {missing}, which it does not there.";
        foreach (var difference in CompareFacts(mine.Name, mine.Facts, other.Facts))
            yield return difference;

        foreach (var member in mine.Members)
        {
            var counterpart = other.Members.FirstOrDefault(candidate => candidate.Id == member.Id);
            if (counterpart is not null)
            {
                foreach (var difference in CompareFacts($"{mine.Name}: {member.Id}", member.Facts, counterpart.Facts))
                    yield return difference;
            }
            else if (!IsInherited(member, other))
            {
                yield return $"{mine.Name}: {member.Id} does not exist there.";
            }
        }
    }

    /// <summary>What an implementation written against our interface would lack there, and the other way round.</summary>
    public static IEnumerable<string> CompareExactly(ApiType mine, ApiType other)
    {
        foreach (var missing in other.Interfaces.Except(mine.Interfaces).Order(StringComparer.Ordinal))
            yield return $"{mine.Name} is implemented by the project and must be complete: there it has the interface {missing}.";
        foreach (var missing in other.Members.Select(member => member.Id).Except(mine.Members.Select(member => member.Id)))
            yield return $"{mine.Name} is implemented by the project and must be complete: there it has {missing}.";
    }

    /// <summary>What a class derived from ours would have to provide there and need not here.</summary>
    public static IEnumerable<string> CompareAbstractMembers(ApiType mine, ApiType other) =>
        from member in other.Members
        where member.IsAbstract && mine.Members.All(candidate => candidate.Id != member.Id)
        select $"{mine.Name} is derived from by the project and must have what is abstract: there it has {member.Id}.";

    /// <summary>An override only says again what the base type has, which users see either way.</summary>
    private bool IsInherited(ApiMember member, ApiType other) => member.IsOverride
        && (EveryObjectHas.Contains(member.Id) || theirs.WithBases(other).Skip(1).Any(type => type.Members.Any(candidate => candidate.Id == member.Id)));

    private static IEnumerable<string> CompareFacts(string what, IReadOnlyDictionary<string, string> mine, IReadOnlyDictionary<string, string> other) =>
        from fact in mine.Keys.Union(other.Keys).Order(StringComparer.Ordinal)
        let here = mine.GetValueOrDefault(fact, "")
        let there = other.GetValueOrDefault(fact, "")
        where here != there
        select $"{what}: {fact} is '{here}', and there '{there}'.";
}

using FsCheck;
using FsCheck.Fluent;

namespace OrleansCache.Tests.Abstractions;

/// <summary>The ring compared with a naive one: a list of all points, searched from the start.</summary>
public sealed class HashRingPropertyTests
{
    private static readonly Gen<RingMember> OneMember =
        from name in Gen.Choose(0, 1_000_000)
        from weight in Gen.Choose(1, 40)
        select new RingMember($"n{name}", weight);

    private static readonly Gen<RingMember[]> SomeMembers =
        from count in Gen.Choose(0, 6)
        from members in OneMember.ArrayOf(count)
        select members.DistinctBy(member => member.Name).ToArray();

    private static readonly Gen<string[]> SomeKeys = ArbMap.Default.GeneratorFor<NonNull<string>>().Select(text => text.Item).ArrayOf(20);

    [Fact]
    public void Any_key_belongs_to_the_first_point_at_or_after_its_hash() =>
        Prop.ForAll(SomeMembers.ToArbitrary(), SomeKeys.ToArbitrary(), (members, keys) =>
        {
            var ring = HashRing.Create(1, members);
            var points = Points(members);
            return keys.All(key => ring.MemberOf(key) == Naive(points, key));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void An_additional_member_moves_keys_only_to_itself() =>
        Prop.ForAll(SomeMembers.ToArbitrary(), SomeKeys.ToArbitrary(), (members, keys) =>
        {
            var before = HashRing.Create(1, members);
            var after = HashRing.Create(2, [.. members, new("newcomer", 20)]);
            return keys.All(key => after.MemberOf(key) == before.MemberOf(key) || after.MemberOf(key) == "newcomer");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    private static (ulong Point, string Name)[] Points(RingMember[] members) =>
    [
        .. members
            .SelectMany(
                member => Enumerable.Range(0, Math.Max(1, member.Weight * 2048 / 100)),
                (member, i) => (Point: KeyHash.Of($"{member.Name}#{i}"), member.Name))
            .OrderBy(point => point.Point).ThenBy(point => point.Name, StringComparer.Ordinal),
    ];

    private static string? Naive((ulong Point, string Name)[] points, string key)
    {
        var hash = KeyHash.Of(key);
        foreach (var (point, name) in points)
        {
            if (point >= hash)
                return name;
        }

        return points.Length == 0 ? null : points[0].Name;
    }
}

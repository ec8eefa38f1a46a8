using OrleansCache.Metadata.Tests.Comparison;
using OrleansCache.Metadata.Tests.Model;
using Xunit.Abstractions;

namespace OrleansCache.Metadata.Tests;

/// <summary>Whatever the bundled engine shows to the project exists in Orleans too, and is the same.</summary>
public sealed class EngineMetadataTests(Subjects subjects, ITestOutputHelper output) : IClassFixture<Subjects>
{
    [Fact]
    public void There_is_something_to_compare()
    {
        string[] packages = [.. subjects.Packages.Select(Path.GetFileNameWithoutExtension)!];
        output.WriteLine($"compared with: {string.Join(", ", packages)}");

        Assert.Contains("Orleans.Core.Abstractions", packages);
        Assert.Contains("Orleans.TestingHost", packages);
        Assert.NotNull(subjects.Ours.Find("Orleans.Grain"));
        Assert.NotNull(subjects.Ours.Find("Orleans.TestingHost.TestCluster"));
        Assert.Contains("Orleans.Grain", subjects.UsedByTheProject);
    }

    [Fact]
    public void Every_public_type_has_a_counterpart_or_is_known_to_be_in_a_package_that_is_not_at_hand()
    {
        string[] missing = [.. subjects.Ours.Types.Select(type => type.Name).Where(name => subjects.Theirs.Find(name) is null)];
        string[] excused = [.. missing.Where(name => subjects.Elsewhere.TryGetValue(name, out var assembly) && !subjects.IsAtHand(assembly))];
        foreach (var name in excused)
            Say($"not verified: {name} ({subjects.Elsewhere[name]} is not at hand)");
        Say($"{subjects.Ours.Types.Count()} public types of the bundled engine, {missing.Length} of them without a counterpart in the packages at hand");

        AssertNone(missing.Except(excused).Select(name => $"{name} is public and in none of Orleans' packages at hand."));
    }

    [Fact]
    public void The_list_names_each_type_whose_counterpart_may_not_be_at_hand_and_no_other()
    {
        string[] elsewhere = [.. subjects.Ours.Types.Select(type => type.Name).Where(name => subjects.Everywhere.Find(name) is null)];
        AssertNone(elsewhere.Except(subjects.Elsewhere.Keys).Select(name => $"{name} is not on the list, and not in the packages that are always at hand."));
        AssertNone(subjects.Elsewhere.Keys.Except(elsewhere).Select(name => $"{name} is on the list, and is always verified or not in the engine."));
    }

    [Fact]
    public void Every_public_type_and_member_is_identical_to_its_counterpart() =>
        AssertNone(Pairs().SelectMany(pair => new ApiComparer(subjects.Theirs).Compare(pair.Mine, pair.Other)));

    [Fact]
    public void Interfaces_that_the_project_implements_are_complete()
    {
        (ApiType Mine, ApiType Other)[] implemented = [.. Pairs().Where(pair => pair.Mine.Kind == "interface" && subjects.UsedByTheProject.Contains(pair.Mine.Name))];
        output.WriteLine($"implemented by the project: {string.Join(", ", implemented.Select(pair => pair.Mine.Name))}");

        Assert.Contains(implemented, pair => pair.Mine.Name == "Orleans.TestingHost.ISiloConfigurator");
        AssertNone(implemented.SelectMany(pair => ApiComparer.CompareExactly(pair.Mine, pair.Other)));
    }

    [Fact]
    public void Classes_that_the_project_derives_from_have_all_that_is_abstract()
    {
        (ApiType Mine, ApiType Other)[] derived = [.. Pairs().Where(pair => pair.Mine.Kind == "class" && subjects.UsedByTheProject.Contains(pair.Mine.Name))];
        output.WriteLine($"derived from by the project: {string.Join(", ", derived.Select(pair => pair.Mine.Name))}");

        Assert.Contains(derived, pair => pair.Mine.Name == "Orleans.Grain");
        AssertNone(derived.SelectMany(pair => ApiComparer.CompareAbstractMembers(pair.Mine, pair.Other)));
    }

    private static void AssertNone(IEnumerable<string> complaints)
    {
        string[] all = [.. complaints];
        Assert.True(all.Length == 0, $"{all.Length} complaints:{Environment.NewLine}{string.Join(Environment.NewLine, all)}");
    }

    private IEnumerable<(ApiType Mine, ApiType Other)> Pairs() =>
        from mine in subjects.Ours.Types
        let other = subjects.Theirs.Find(mine.Name)
        where other is not null
        select (mine, other);

    private void Say(string line)
    {
        output.WriteLine(line);
        Console.WriteLine($"metadata check: {line}");
    }
}

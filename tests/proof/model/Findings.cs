using OrleansCache.Model.Exploration;
using OrleansCache.Model.Rules;
using OrleansCache.Model.Steps;
using Xunit.Abstractions;

namespace OrleansCache.Model;

/// <summary>What the tests expect of an exploration, with its figures and its counterexample in the test's output.</summary>
internal static class Findings
{
    /// <summary>
    /// Nothing breaks, and exactly the steps in <paramref name="never"/> were never taken, so that an exploration that shows nothing,
    /// because nothing happened in it, fails. Without <paramref name="never"/> that is not asked.
    /// </summary>
    public static void Holds(this ITestOutputHelper output, ProtocolRules rules, Bounds bounds, params Step[] never)
    {
        var exploration = Exploration.Exploration.Of(rules, bounds);
        output.WriteLine(Story.Summary(exploration));
        Assert.True(exploration.Broken == Guarantee.None, exploration.Broken == Guarantee.None ? "" : Story.Tell(exploration));
        Assert.True(exploration.Complete, $"There are more than {exploration.States} states.");
        if (never.Length > 0)
            Assert.Equal(never.Order(), Enum.GetValues<Step>().Where(step => exploration.Taken(step) == 0));
    }

    /// <summary>The guarantee, and none that is nearer, breaks.</summary>
    public static void Breaks(this ITestOutputHelper output, Guarantee guarantee, ProtocolRules rules, Bounds bounds)
    {
        var exploration = Exploration.Exploration.Of(rules, bounds);
        output.WriteLine(Story.Summary(exploration));
        Assert.Equal(guarantee, exploration.Broken);
        output.WriteLine(Story.Tell(exploration));
    }
}

using OrleansCache.Model.Exploration;
using OrleansCache.Model.Rules;
using OrleansCache.Model.Steps;
using Xunit.Abstractions;

namespace OrleansCache.Model;

/// <summary>Assertions on an exploration. Its figures and its counterexample are written to the test's output.</summary>
internal static class Findings
{
    /// <summary>
    /// Asserts that no guarantee breaks and that exactly the steps in <paramref name="never"/> never happen: an exploration in which too
    /// little happens must fail. An empty <paramref name="never"/> skips the second check.
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

    /// <summary>Asserts that the guarantee breaks, and that no other one breaks on a shorter path.</summary>
    public static void Breaks(this ITestOutputHelper output, Guarantee guarantee, ProtocolRules rules, Bounds bounds)
    {
        var exploration = Exploration.Exploration.Of(rules, bounds);
        output.WriteLine(Story.Summary(exploration));
        Assert.Equal(guarantee, exploration.Broken);
        output.WriteLine(Story.Tell(exploration));
    }
}

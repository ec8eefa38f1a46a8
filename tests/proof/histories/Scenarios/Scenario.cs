using OrleansCache.Proof.Histories;

namespace OrleansCache.Proof.Scenarios;

/// <summary>
/// A sequence of events in which one rule of the protocol makes the difference: with it the history keeps every promise, and without it the
/// checker finds a violation (tests/proof/mutants tests that). So each rule is needed, and the code keeps it.
/// </summary>
public abstract class Scenario(ITestOutputHelper output)
{
    /// <summary>All scenarios.</summary>
    public static IReadOnlyList<Type> Types { get; } =
        [.. typeof(Scenario).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Scenario)))];

    /// <summary>The rule, by its name in the mutant build.</summary>
    internal virtual string Rule => GetType().Name;

    /// <summary>The promise that is broken without the rule.</summary>
    internal abstract Promise Broken { get; }

    /// <summary>Longer than a scenario takes; overridden where leases must end.</summary>
    private protected virtual TimeSpan Lease => TimeSpan.FromMinutes(1);

    /// <summary>Whether the application in Asia has a near cache.</summary>
    private protected virtual bool ReaderIsNear => false;

    [Fact]
    public async Task With_every_rule_the_promises_are_kept()
    {
        var verdict = await RunAsync(hasRule: true);

        Assert.True(verdict.Holds, $"With every rule: {verdict}");
    }

    /// <summary>Plays the scenario. The book exists, and nobody holds it.</summary>
    private protected abstract Task PlayAsync(Stage stage);

    internal async Task<Verdict> RunAsync(bool hasRule)
    {
        await using var stage = await Stage.StartAsync(hasRule, Lease, ReaderIsNear);
        try
        {
            await PlayAsync(stage);
        }
        finally
        {
            output.WriteLine(stage.Judge().ToString());
        }

        return stage.Judge();
    }
}

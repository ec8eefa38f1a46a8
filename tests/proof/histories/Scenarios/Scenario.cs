using OrleansCache.Owners;
using OrleansCache.Proof.Histories;

namespace OrleansCache.Proof.Scenarios;

/// <summary>
/// A course of events in which one rule of the protocol makes the difference: with it the history of what everybody saw keeps every promise, and without it the
/// history checker finds what is broken. So each rule is needed, and each is kept by the code.
/// </summary>
public abstract class Scenario(ITestOutputHelper output)
{
    private protected static ProtocolRules EveryRule { get; } = new();

    /// <summary>All rules but the one that it is about.</summary>
    private protected abstract ProtocolRules WithoutTheRule { get; }

    /// <summary>The promise that is broken without it.</summary>
    private protected abstract Promise Broken { get; }

    /// <summary>Longer than a scenario takes, where it is not about the end of leases.</summary>
    private protected virtual TimeSpan Lease => TimeSpan.FromMinutes(1);

    /// <summary>Whether the application in Asia keeps books itself.</summary>
    private protected virtual bool ReaderIsNear => false;

    [Fact]
    public async Task With_every_rule_the_promises_are_kept()
    {
        var verdict = await RunAsync(EveryRule);

        Assert.True(verdict.Holds, $"With every rule: {verdict}");
    }

    [Fact]
    public async Task Without_the_rule_the_checker_finds_what_is_broken()
    {
        var verdict = await RunAsync(WithoutTheRule);

        Assert.False(verdict.Keeps(Broken), $"{Broken} should be broken without the rule: {verdict}");
    }

    /// <summary>Plays it. The book exists already; nobody holds it.</summary>
    private protected abstract Task PlayAsync(Stage stage);

    private async Task<Verdict> RunAsync(ProtocolRules rules)
    {
        await using var stage = await Stage.StartAsync(rules, Lease, ReaderIsNear);
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

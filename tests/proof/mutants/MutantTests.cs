using OrleansCache.Proof.Scenarios;

namespace OrleansCache.Mutants;

/// <summary>
/// The scenarios on a product in which one safety rule is switched off (see Mutations.props): the history checker must find the violation.
/// <see cref="Scenario"/> itself shows that they hold with every rule. The tests run one after the other, because the switches are global
/// to the process.
/// </summary>
public sealed class MutantTests(ITestOutputHelper output)
{
    public static TheoryData<string> Names { get; } = [.. Scenario.Types.Select(type => type.Name)];

    [Theory, MemberData(nameof(Names))]
    public async Task Without_the_rule_the_checker_finds_a_violation(string name)
    {
        var scenario = (Scenario)Activator.CreateInstance(Scenario.Types.Single(type => type.Name == name), output)!;
        var mutant = $"OrleansCache.Mutant.{scenario.Rule}";
        AppContext.SetSwitch(mutant, true);
        try
        {
            var verdict = await scenario.RunAsync(hasRule: false);

            Assert.False(verdict.Keeps(scenario.Broken), $"{scenario.Broken} should be broken without the rule {scenario.Rule}: {verdict}");
        }
        finally
        {
            AppContext.SetSwitch(mutant, false);
        }
    }
}

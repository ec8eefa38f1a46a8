using OrleansCache.Model.Rules;
using Xunit.Abstractions;
using static OrleansCache.Model.Configurations;

namespace OrleansCache.Model;

/// <summary>Worlds that count as one because they have the same future do: without that, explorations find the same.</summary>
public sealed class ForgetTests(ITestOutputHelper output)
{
    [Fact]
    public void A_silo_and_a_client_below_a_new_owner() => FindsTheSame(new(), SiloAndClient.AndANewOwner() with { Lease = 1 });

    [Fact]
    public void A_rival() => FindsTheSame(new(), OneSilo.AndARival() with { Lease = 1 });

    [Fact]
    public void A_lost_commit_beside_another_edit() => FindsTheSame(new(), OneSilo.AndAnotherEdit().AndALostCommit() with { Lease = 1 });

    [Fact]
    public void A_sql_edit_and_a_broken_feed() => FindsTheSame(new(), OneSilo.AndSql().AndABrokenFeed() with { Lease = 1 });

    [Fact]
    public void A_late_confirmation_that_counts_for_a_later_revocation() =>
        FindsTheSame(new() { ConfirmationsAreNumbered = false }, OneSilo.AndAnotherEdit());

    [Fact]
    public void A_silo_that_starts_and_accepts_any_epoch() =>
        FindsTheSame(new() { NewSiloLearnsEpochs = false }, OneSilo.AndARival().AndACrashedSilo());

    private void FindsTheSame(ProtocolRules rules, Bounds bounds)
    {
        var exploration = Exploration.Exploration.Of(rules, bounds);
        var whole = Exploration.Exploration.Of(rules, bounds, forgetful: false);
        output.WriteLine($"{whole.States} states count as {exploration.States}");
        Assert.Equal(whole.Broken, exploration.Broken);
        Assert.Equal(whole.Complete, exploration.Complete);
        if (whole.Broken != Guarantee.None)
            Assert.Equal(whole.Trace().Count, exploration.Trace().Count);
        Assert.True(whole.States > exploration.States);
    }
}

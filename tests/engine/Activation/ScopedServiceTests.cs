using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Activation;

/// <summary>A scoped service lives as long as the activation that was made with it.</summary>
[Collection(TwoSilosCollection.Name)]
public sealed class ScopedServiceTests(TwoSilos cluster)
{
    [Fact]
    public async Task Each_activation_has_its_own_and_gives_it_back_when_it_leaves()
    {
        var (one, other) = (Borrower(), Borrower());
        var loan = await one.Loan();
        Assert.Equal(loan, await one.Loan());
        Assert.NotEqual(loan, await other.Loan());
        Assert.Empty(cluster.Stage.Notes($"{loan}"));

        await one.Leave();

        await cluster.Stage.WaitForNotesAsync($"{loan}", 1);
        Assert.NotEqual(loan, await one.Loan());
        Assert.Empty(cluster.Stage.Notes($"{await other.Loan()}"));
    }

    private IBorrowerGrain Borrower() => cluster.Client.GetGrain<IBorrowerGrain>(TestClusterFixture.NewKey());
}

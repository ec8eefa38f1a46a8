using OrleansCache.Proof.Histories;

namespace OrleansCache.Proof.Scenarios;

/// <summary>
/// Asia has the book. The catalog does not answer with its changes any more, and SQL overwrites the book. A lease after that Asia must not
/// answer with the old row, though the owner renews Asia's lease all the time.
/// </summary>
public sealed class LeasesCountFromTheFeed(ITestOutputHelper output) : Scenario(output)
{
    internal override Promise Broken => Promise.Bounded;

    private protected override TimeSpan Lease => TimeSpan.FromSeconds(4);

    private protected override async Task PlayAsync(Stage stage)
    {
        await stage.Asia.ReadAsync();
        var changes = stage.Catalog.HoldChanges();
        await changes.ArrivedAsync();
        await stage.Sql.EditAsync(Stage.Book);

        await stage.PassLeaseAsync(stage.Now);
        await stage.Asia.ReadAsync();
    }
}

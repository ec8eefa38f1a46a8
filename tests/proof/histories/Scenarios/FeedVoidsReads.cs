using OrleansCache.Proof.Histories;

namespace OrleansCache.Proof.Scenarios;

/// <summary>
/// The catalog is slow: its row was current when Europe asked, and SQL overwrites it before the response. The owner learns of that from the
/// change feed, and only then of the row. Nobody must get a lease on it.
/// </summary>
public sealed class FeedVoidsReads(ITestOutputHelper output) : Scenario(output)
{
    internal override Promise Broken => Promise.Bounded;

    private protected override TimeSpan Lease => TimeSpan.FromSeconds(4);

    private protected override async Task PlayAsync(Stage stage)
    {
        var answer = stage.Catalog.HoldAnswers();
        var first = stage.Europe.ReadAsync();
        await answer.ArrivedAsync();
        await stage.Sql.EditAsync(Stage.Book);
        var edited = stage.Now;
        await stage.Catalog.ChangesWereReadAsync(2);
        answer.Open();
        await first;

        await stage.PassLeaseAsync(edited);
        await stage.Europe.ReadAsync();
    }
}

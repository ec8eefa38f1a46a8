using OrleansCache.Owners;
using OrleansCache.Proof.Histories;

namespace OrleansCache.Proof.Scenarios;

/// <summary>
/// The catalog is so slow that more than a lease passes between its read for Europe and its response, and SQL overwrites the book
/// meanwhile. A lookup that begins after that must not share the row, not even without a lease.
/// </summary>
public sealed class SharedReadsAreRecent(ITestOutputHelper output) : Scenario(output)
{
    internal override Promise Broken => Promise.Bounded;

    private protected override TimeSpan Lease => TimeSpan.FromSeconds(1);

    private protected override async Task PlayAsync(Stage stage)
    {
        var answer = stage.Catalog.HoldAnswers();
        var first = stage.Europe.ReadAsync();
        await answer.ArrivedAsync();
        await stage.Sql.EditAsync(Stage.Book);
        await stage.PassLeaseAsync(stage.Now);
        var second = stage.Asia.ReadAsync();
        await stage.Calls.HaveBegunAsync<IOwnerGrain>(nameof(IOwnerGrain.AcquireAsync), 2);
        answer.Open();
        await Task.WhenAll(first, second);
    }
}

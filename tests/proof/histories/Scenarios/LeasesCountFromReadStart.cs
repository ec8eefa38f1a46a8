using OrleansCache.Owners;
using OrleansCache.Proof.Histories;

namespace OrleansCache.Proof.Scenarios;

/// <summary>
/// The catalog is slow: what it answers was true when Europe asked, and is overwritten in the database meanwhile. Asia asks later and
/// shares the answer. It may use it until a lease after Europe asked, and not until a lease after it came.
/// </summary>
public sealed class LeasesCountFromReadStart(ITestOutputHelper output) : Scenario(output)
{
    internal override Promise Broken => Promise.Bounded;

    private protected override TimeSpan Lease => TimeSpan.FromSeconds(5);

    private protected override async Task PlayAsync(Stage stage)
    {
        var answer = stage.Catalog.HoldAnswers();
        var first = stage.Europe.ReadAsync();
        await answer.ArrivedAsync();
        await stage.Sql.EditAsync(Stage.Book);
        var edited = stage.Now;
        // Early enough to share the answer, and so late that the lease is not renewed before the last read.
        await stage.PassAsync(edited + (0.65 * stage.Lease));
        var second = stage.Asia.ReadAsync();
        await stage.Calls.HaveBegunAsync<IOwnerGrain>(nameof(IOwnerGrain.AcquireAsync), 2);
        answer.Open();
        await Task.WhenAll(first, second);

        await stage.PassLeaseAsync(edited);
        await stage.Asia.ReadAsync();
    }
}

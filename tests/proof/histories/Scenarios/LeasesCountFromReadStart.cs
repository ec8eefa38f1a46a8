using OrleansCache.Owners;
using OrleansCache.Proof.Histories;

namespace OrleansCache.Proof.Scenarios;

/// <summary>
/// The catalog is slow: its row was current when Europe asked, and SQL overwrites it before the response. Asia asks later and shares the
/// read. Its lease must end one lease after Europe asked, not one lease after Asia did.
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
        // Early enough to share the read, and so late that the lease is not renewed before the last lookup.
        await stage.PassAsync(edited + (0.65 * stage.Lease));
        var second = stage.Asia.ReadAsync();
        await stage.Calls.HaveBegunAsync<IOwnerGrain>(nameof(IOwnerGrain.AcquireAsync), 2);
        answer.Open();
        await Task.WhenAll(first, second);

        await stage.PassLeaseAsync(edited);
        await stage.Asia.ReadAsync();
    }
}

using OrleansCache.Leases;
using OrleansCache.Proof.Histories;

namespace OrleansCache.Proof.Scenarios;

/// <summary>
/// The new row is pushed to Asia and arrives after the lease that was granted with it has ended. The owner revokes nothing for the next
/// edit.
/// </summary>
public sealed class PushesCountFromAcknowledgement(ITestOutputHelper output) : Scenario(output)
{
    internal override Promise Broken => Promise.Linearizable;

    private protected override TimeSpan Lease => TimeSpan.FromSeconds(6);

    private protected override async Task PlayAsync(Stage stage)
    {
        var push = stage.Calls.Hold<ILeaseHolder>(nameof(ILeaseHolder.TakeAsync), Stage.InEurope);
        await stage.Asia.ReadAsync();
        await stage.Europe.EditAsync();
        await push.ArrivedAsync();
        await stage.PassLeaseAsync(stage.Now);
        await push.OpenAsync();

        await stage.Europe.EditAsync();
        await stage.Asia.ReadAsync();
    }
}

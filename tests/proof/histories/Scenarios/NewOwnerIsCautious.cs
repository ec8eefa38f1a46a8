using OrleansCache.Owners;
using OrleansCache.Proof.Histories;

namespace OrleansCache.Proof.Scenarios;

/// <summary>
/// The owner is lost after it has granted Asia a lease. Its successor, which does not know of the lease, makes an edit.
/// </summary>
public sealed class NewOwnerIsCautious(ITestOutputHelper output) : Scenario(output)
{
    internal override Promise Broken => Promise.Linearizable;

    private protected override async Task PlayAsync(Stage stage)
    {
        stage.Calls.LoseOwnerAfter(nameof(IOwnerGrain.AcquireAsync));
        await stage.Asia.ReadAsync();

        await stage.Europe.EditAsync();
        await stage.Asia.ReadAsync();
    }
}

using OrleansCache.Leases;
using OrleansCache.Owners;
using OrleansCache.Proof.Histories;

namespace OrleansCache.Proof.Scenarios;

/// <summary>
/// What Asia holds is suspended, since the slot has a new owner, which confirms it; the answer is in flight while the book is revoked and
/// edited, and the new row is on its way, too.
/// </summary>
public sealed class LateConfirmationsAreThrownAway(ITestOutputHelper output) : Scenario(output)
{
    internal override Promise Broken => Promise.Linearizable;

    private protected override async Task PlayAsync(Stage stage)
    {
        await stage.Asia.ReadAsync();
        var confirmation = stage.Calls.HoldAnswer<ILeaseOwner>(nameof(ILeaseOwner.ConfirmAsync), Stage.InAsia);
        stage.Calls.Hold<ILeaseHolder>(nameof(ILeaseHolder.TakeAsync), Stage.InEurope);
        // As a second owner does on a silo that does not know of the first.
        await stage.Catalog.RaiseEpochsAsync([CacheKey.Parse(Stage.Book).SlotOf(64)], CancellationToken.None);
        await confirmation.ArrivedAsync();
        await stage.Europe.EditAsync();
        confirmation.Open();
        // By then Asia has worked it off.
        await stage.Catalog.ChangesWereReadAsync(2);

        await stage.Asia.ReadAsync();
    }
}

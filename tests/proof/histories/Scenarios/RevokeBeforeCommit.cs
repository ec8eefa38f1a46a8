using OrleansCache.Owners;
using OrleansCache.Proof.Histories;

namespace OrleansCache.Proof.Scenarios;

/// <summary>
/// The owner is lost after its commit and before its response. Europe reads the new row from the next owner; after that Asia must not
/// answer with the old one, although the next owner does not know the lease there.
/// </summary>
public sealed class RevokeBeforeCommit(ITestOutputHelper output) : Scenario(output)
{
    internal override Promise Broken => Promise.Linearizable;

    private protected override bool ReaderIsNear => true;

    private protected override async Task PlayAsync(Stage stage)
    {
        await stage.Asia.HoldNearAsync();
        // If the failure reached the author, it would repeat the edit, and the next owner would revoke the lease.
        var failure = stage.Calls.HoldAnswer<IOwnerGrain>(nameof(IOwnerGrain.EditAsync), Application.In(Stage.InEurope));
        stage.Calls.LoseOwnerAfter(nameof(IOwnerGrain.EditAsync));
        stage.Points.FailAt(EditPoint.Committed);
        var edit = stage.Europe.EditAsync();
        await failure.ArrivedAsync();

        await stage.Europe.ReadAsync();
        await stage.Asia.ReadAsync();

        failure.Open();
        await edit;
    }
}

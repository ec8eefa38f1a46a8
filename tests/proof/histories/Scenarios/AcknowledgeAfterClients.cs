using OrleansCache.Proof.Histories;

namespace OrleansCache.Proof.Scenarios;

/// <summary>An application in Asia has the book in its near cache; its revocation is delayed.</summary>
public sealed class AcknowledgeAfterClients(ITestOutputHelper output) : Scenario(output)
{
    internal override Promise Broken => Promise.Linearizable;

    private protected override bool ReaderIsNear => true;

    private protected override async Task PlayAsync(Stage stage)
    {
        await stage.Asia.HoldNearAsync();
        // The answer to a renewal would tell it, too.
        stage.Calls.Hold<INearSource>(nameof(INearSource.RenewAsync), Application.In(Stage.InAsia));
        var revocation = stage.Calls.Hold<INearObserver>(nameof(INearObserver.RevokeAsync), Stage.InAsia);
        var edit = stage.Europe.EditAsync();
        await revocation.ArrivedAsync();
        await stage.Asia.ReadAsync();
        // With the rule the edit waits for this revocation; without it, it does not.
        if (stage.HasRule)
            revocation.Open();
        await edit;

        await stage.Asia.ReadAsync();
    }
}

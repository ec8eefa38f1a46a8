using OrleansCache.Proof.Histories;

namespace OrleansCache.Proof.Scenarios;

/// <summary>
/// An edit waits for an application in Asia that has the book in its near cache, and SQL edits the book meanwhile. A reader in Europe that
/// waits for the edit may be answered with the leased row, but not with the new one while Asia still answers with the old one.
/// </summary>
public sealed class OutOfBandWriteDuringEdit(ITestOutputHelper output) : Scenario(output)
{
    // Much longer than a reader waits for an edit before it gets the old row.
    private static readonly TimeSpan Kept = TimeSpan.FromMilliseconds(500);

    internal override string Rule => nameof(OutOfBandWriteIsEdit);

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
        await stage.Sql.EditAsync(Stage.Book);

        var read = stage.Europe.ReadAsync();
        // With the rule the lookup waits for the edit.
        await Task.WhenAny(read, stage.HasRule ? stage.PassAsync(stage.Now + Kept) : read);
        await stage.Asia.ReadAsync();
        revocation.Open();
        await edit;
        await read;
    }
}

using OrleansCache.Proof.Histories;

namespace OrleansCache.Proof.Scenarios;

/// <summary>
/// SQL edits the book while Asia holds a lease on it. After Europe has read the new row, no lookup may be answered with the old one.
/// </summary>
public sealed class OutOfBandWriteIsEdit(ITestOutputHelper output) : Scenario(output)
{
    internal override Promise Broken => Promise.Linearizable;

    private protected override async Task PlayAsync(Stage stage)
    {
        await stage.Asia.ReadAsync();
        await stage.Sql.EditAsync(Stage.Book);

        // The owner's recent read would hide the new row for a while.
        await stage.Europe.ReadAsync(fresh: true);
        await stage.Asia.ReadAsync();
    }
}

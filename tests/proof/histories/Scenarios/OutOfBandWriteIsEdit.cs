using OrleansCache.Proof.Histories;

namespace OrleansCache.Proof.Scenarios;

/// <summary>
/// Somebody edits in the database while Asia holds the book. Once Europe has been answered with the new row, nobody may be answered with
/// the old one.
/// </summary>
public sealed class OutOfBandWriteIsEdit(ITestOutputHelper output) : Scenario(output)
{
    internal override Promise Broken => Promise.Linearizable;

    private protected override async Task PlayAsync(Stage stage)
    {
        await stage.Asia.ReadAsync();
        await stage.Sql.EditAsync(Stage.Book);

        // What the owner read a moment ago would hide the new row for a while.
        await stage.Europe.ReadAsync(fresh: true);
        await stage.Asia.ReadAsync();
    }
}

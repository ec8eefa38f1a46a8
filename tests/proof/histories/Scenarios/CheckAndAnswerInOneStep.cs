using OrleansCache.Proof.Histories;

namespace OrleansCache.Proof.Scenarios;

/// <summary>
/// A load in Asia has validated its row, but has not completed. The book is edited, and then another lookup joins the load.
/// </summary>
public sealed class CheckAndAnswerInOneStep(ITestOutputHelper output) : Scenario(output)
{
    internal override Promise Broken => Promise.Linearizable;

    private protected override async Task PlayAsync(Stage stage)
    {
        var load = stage.Points.HoldChecked();
        var first = stage.Asia.ReadAsync();
        await load.ArrivedAsync();
        await stage.Europe.EditAsync();
        var second = stage.Asia.ReadAsync();
        await stage.Calls.HaveBegunAsync<IBookGrain>(nameof(IBookGrain.LookupAsync), 2);
        load.Open();
        await Task.WhenAll(first, second);
    }
}

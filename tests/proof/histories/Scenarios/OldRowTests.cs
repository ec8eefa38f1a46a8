using OrleansCache.Leases;
using OrleansCache.Owners;

namespace OrleansCache.Proof.Scenarios;

/// <summary>While an edit waits for somebody, readers are given the old row; but they must not keep the edit waiting by that.</summary>
public sealed class OldRowTests
{
    // Much longer than a reader waits for an edit before it is given the old row.
    private static readonly TimeSpan Kept = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task Once_the_leases_on_old_rows_are_taken_back_too_nobody_is_given_another()
    {
        await using var stage = await Stage.StartAsync(hasRule: true, TimeSpan.FromMinutes(1), readerIsNear: true);
        await stage.Asia.HoldNearAsync();
        var first = stage.Calls.Hold<INearObserver>(nameof(INearObserver.RevokeAsync), Stage.InAsia);
        var edit = stage.Europe.EditAsync();
        await first.ArrivedAsync();
        // It is given the old row, since the edit waits for Asia's application.
        await stage.Europe.ReadAsync();
        Assert.False(edit.IsCompleted);

        // Only the second pass asks Europe for leases; Asia is asked again and again in the first.
        var second = stage.Calls.HoldAnswerOf<ILeaseHolder>(nameof(ILeaseHolder.RevokeAsync), Stage.InEurope);
        first.Open();
        await second.ArrivedAsync();
        var read = stage.Europe.ReadAsync();
        await Task.WhenAny(read, stage.PassAsync(stage.Now + Kept));

        Assert.False(read.IsCompleted, "A reader was given the old row again, which the edit would have to wait for.");
        second.Open();
        await edit;
        await read;
        var verdict = stage.Judge();
        Assert.True(verdict.Holds, verdict.ToString());
    }
}

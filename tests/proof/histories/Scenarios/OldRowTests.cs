using OrleansCache.Leases;
using OrleansCache.Owners;

namespace OrleansCache.Proof.Scenarios;

/// <summary>While an edit waits for a holder, readers get the old row, but they must not delay the edit.</summary>
public sealed class OldRowTests
{
    // Much longer than a reader waits for an edit before it gets the old row.
    private static readonly TimeSpan Kept = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task After_leases_on_old_rows_were_revoked_too_no_other_is_granted()
    {
        await using var stage = await Stage.StartAsync(hasRule: true, TimeSpan.FromMinutes(1), readerIsNear: true);
        await stage.Asia.HoldNearAsync();
        var first = stage.Calls.Hold<INearObserver>(nameof(INearObserver.RevokeAsync), Stage.InAsia);
        var edit = stage.Europe.EditAsync();
        await first.ArrivedAsync();
        // It gets the old row, since the edit waits for the application in Asia.
        await stage.Europe.ReadAsync();
        Assert.False(edit.IsCompleted);

        // Only the second pass revokes leases in Europe; the first one retries in Asia.
        var second = stage.Calls.HoldAnswerOf<ILeaseHolder>(nameof(ILeaseHolder.RevokeAsync), Stage.InEurope);
        first.Open();
        await second.ArrivedAsync();
        var read = stage.Europe.ReadAsync();
        await Task.WhenAny(read, stage.PassAsync(stage.Now + Kept));

        Assert.False(read.IsCompleted, "A reader got the old row again, and the edit would have to wait for its lease.");
        second.Open();
        await edit;
        await read;
        var verdict = stage.Judge();
        Assert.True(verdict.Holds, verdict.ToString());
    }
}

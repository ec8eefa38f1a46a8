using OrleansCache.Owners;
using OrleansCache.Proof.Histories;

namespace OrleansCache.Proof.Scenarios;

/// <summary>Asia was granted a lease, but the response is in flight while the book is revoked and edited.</summary>
public sealed class LateAnswersAreThrownAway(ITestOutputHelper output) : Scenario(output)
{
    internal override Promise Broken => Promise.Linearizable;

    private protected override async Task PlayAsync(Stage stage)
    {
        var grant = stage.Calls.HoldAnswer<IOwnerGrain>(nameof(IOwnerGrain.AcquireAsync), Stage.InAsia);
        var read = stage.Asia.ReadAsync();
        await grant.ArrivedAsync();
        await stage.Europe.EditAsync();
        grant.Open();
        await read;

        await stage.Asia.ReadAsync();
    }
}

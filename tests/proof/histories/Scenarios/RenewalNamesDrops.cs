using OrleansCache.Leases;
using OrleansCache.Proof.Histories;

namespace OrleansCache.Proof.Scenarios;

/// <summary>
/// Asia has the book, and its revocation is lost; its renewals are not. The edit is made when the lease has ended that Asia had when it was
/// revoked, and the longer one must not be used for the book.
/// </summary>
public sealed class RenewalNamesDrops(ITestOutputHelper output) : Scenario(output)
{
    internal override Promise Broken => Promise.Linearizable;

    private protected override TimeSpan Lease => TimeSpan.FromSeconds(4);

    private protected override async Task PlayAsync(Stage stage)
    {
        await stage.Asia.ReadAsync();
        var revocation = stage.Calls.Hold<ILeaseHolder>(nameof(ILeaseHolder.RevokeAsync), Stage.InEurope);
        var edit = stage.Europe.EditAsync();
        await revocation.ArrivedAsync();
        await edit;

        await stage.Asia.ReadAsync();
    }
}

using OrleansCache.Model.Rules;
using Xunit.Abstractions;

namespace OrleansCache.Model;

/// <summary>
/// What a new owner may grant at once. A commit of an owner before its predecessor, or plain SQL, may have changed a row on which the
/// predecessor had granted leases; nobody has revoked those.
/// </summary>
public sealed class FirstGrantsTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_row_at_once_breaks_G1_when_two_owners_crash() =>
        output.Breaks(Guarantee.Coherent, new(), Configurations.TwoOwnerCrashes);

    [Fact]
    public void Every_row_at_once_breaks_G7_when_one_owner_crashes_after_a_sql_edit() =>
        output.Breaks(Guarantee.Monotonic, new(), Configurations.SqlAndOwnerCrash with { SqlIsLinearizable = false, ClientMoves = false });

    [Fact]
    public void Rested_rows_at_once_keep_G1_when_two_owners_crash() =>
        output.Holds(new() { FirstGrants = FirstGrants.RestedRows }, Configurations.TwoOwnerCrashes);

    [Fact]
    public void Rested_rows_at_once_keep_G7_and_the_order_of_sql_edits() =>
        output.Holds(new() { FirstGrants = FirstGrants.RestedRows }, Configurations.SqlAndOwnerCrash);

    [Fact]
    public void Rows_after_the_drops_keep_G1_when_two_owners_crash() =>
        output.Holds(new() { FirstGrants = FirstGrants.AfterDrops }, Configurations.TwoOwnerCrashes);

    [Fact]
    public void Rows_after_the_drops_keep_G7_and_the_order_of_sql_edits() =>
        output.Holds(new() { FirstGrants = FirstGrants.AfterDrops }, Configurations.SqlAndOwnerCrash);

    [Fact]
    public void Only_rested_rows_keep_the_order_of_sql_edits_when_an_owner_and_a_silo_crash()
    {
        var bounds = Configurations.SqlAndOwnerCrash with { Lease = 2, SiloCrashes = 1, Crashes = 2 };
        output.Breaks(Guarantee.Monotonic, new() { FirstGrants = FirstGrants.AfterDrops }, bounds);
        output.Holds(new() { FirstGrants = FirstGrants.RestedRows }, bounds);
    }
}

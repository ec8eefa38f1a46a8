using OrleansCache.Owners;
using OrleansCache.Proof.Histories;
using OrleansCache.Proof.Schedules;

namespace OrleansCache.Proof.Processes;

/// <summary>
/// The histories of clients with near caches in three regions, on a cluster of processes, under faults of silos, clients, Redis, messages
/// and commits. The seed in the output determines a run; <c>ORLEANSCACHE_HISTORY_SEED</c> repeats it.
/// </summary>
[Collection(Clusters.Busy.Name)]
public sealed class TroubledHistoryTests(ITestOutputHelper output)
{
    // Just long enough for one owner to be lost.
    private static readonly TimeSpan ShortRun = TimeSpan.FromSeconds(13);

    // The same for an owner that is paused, declared dead and resumed.
    private static readonly TimeSpan ShortRunWithTwoOwners = TimeSpan.FromSeconds(20);

    // From the loss of an owner until its successor works normally: the loss is detected (3 s), its leases have ended, and there was time
    // for edits.
    private static readonly TimeSpan BetweenOwners = TimeSpan.FromSeconds(8.5);

    [Fact]
    public Task Whatever_fails_an_acknowledged_edit_is_seen_by_everybody() => HoldsWithOneOwnerAsync(ShortRun, atLeastOnce: []);

    [Fact, Trait("Tier", "All")]
    public Task Whatever_fails_an_acknowledged_edit_is_seen_by_everybody_in_a_long_run() =>
        HoldsWithOneOwnerAsync(RunSettings.LongRun(), TroubledRun.Ordered);

    [Fact]
    public Task With_two_owners_of_a_slot_every_promise_is_kept() =>
        HoldsWithTwoOwnersAsync(ShortRunWithTwoOwners);

    [Fact, Trait("Tier", "All")]
    public Task With_two_owners_of_a_slot_every_promise_is_kept_in_a_long_run() =>
        HoldsWithTwoOwnersAsync(RunSettings.LongRun());

    /// <summary>Each slot has one owner at a time, so every promise holds.</summary>
    private async Task HoldsWithOneOwnerAsync(TimeSpan length, Fault[] atLeastOnce)
    {
        var seed = RunSettings.Seed();
        var verdict = await new TroubledRun(output).RunAsync(
            seed, length, atLeastOnce, null, LosingOwners(seed, length), Trouble(seed + 1, length, TimeSpan.FromMilliseconds(500)));

        Assert.True(verdict.Holds, verdict.ToString());
    }

    /// <summary>Silos are paused until the cluster has declared them dead, and then resumed: slots have two owners for a while.</summary>
    private async Task HoldsWithTwoOwnersAsync(TimeSpan length)
    {
        var seed = RunSettings.Seed();
        var pauses = Schedule.From(
            seed, length - TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(9),
            new FaultChoice(Fault.PauseSilo, 1, TroubledCluster.Owners, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(7)));
        var verdict = await new TroubledRun(output)
            .RunAsync(seed, length, [], null, pauses, Trouble(seed + 1, length, TimeSpan.FromSeconds(6)));

        Assert.True(verdict.Holds, verdict.ToString());
    }

    /// <summary>
    /// Each named point of an edit once, a killed owner, and one that is stopped, in an order determined by the seed; repeated for as long
    /// as the run lasts.
    /// </summary>
    private static Schedule LosingOwners(ulong seed, TimeSpan length)
    {
        List<(Fault Fault, string Target, TimeSpan Duration)> losses =
        [
            .. Enum.GetNames<EditPoint>()
                .Select(point => (Fault.KillAtPoint(point), Faults.DeadlyPoints.AnyOwner, TimeSpan.FromSeconds(3))),
            (Fault.KillSilo, TroubledCluster.Owners[0], TimeSpan.Zero),
            (Fault.RestartSilo, TroubledCluster.Owners[1], TimeSpan.Zero),
        ];
        return Schedule.InTurn(seed, length, BetweenOwners, losses);
    }

    private static Schedule Trouble(ulong seed, TimeSpan length, TimeSpan longestPause)
    {
        var silos = TroubledCluster.Owners.Concat(TroubledCluster.Others).ToArray();
        string[] clients = [.. TroubledCluster.Regions.Select(ClientProcess.NameOf)];
        string[] everybody = [.. silos, .. clients];
        var (briefly, longer) = (TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(2));
        return Schedule.From(
            seed, length, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(900),
            new(Fault.DelayMessages, 3, everybody, briefly, longer),
            new(Fault.LoseMessages, 3, everybody, briefly, TimeSpan.FromSeconds(1)),
            new(Fault.EvictBook, 4, silos),
            new(Fault.SqlEdit, 4, TroubledCluster.Books),
            new(Fault.FailCommit, 1, [Faults.CatalogFaults.Everybody], briefly, TimeSpan.FromMilliseconds(500)),
            new(Fault.LoseCommit, 2, [Faults.CatalogFaults.Everybody], briefly, TimeSpan.FromMilliseconds(500)),
            new(Fault.HangRedis, 1, TroubledCluster.Regions, briefly, longer),
            new(Fault.PauseClient, 1, clients, briefly, TimeSpan.FromSeconds(4)),
            new(Fault.PauseSilo, 1, silos, briefly, TimeSpan.FromMilliseconds(500)),
            new(Fault.PauseSilo, 1, TroubledCluster.Others, briefly, longestPause),
            new(Fault.KillSilo, 1, TroubledCluster.Others),
            new(Fault.RestartSilo, 1, TroubledCluster.Others));
    }
}

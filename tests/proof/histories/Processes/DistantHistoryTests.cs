using OrleansCache.LocalClusters;
using OrleansCache.Proof.Faults;
using OrleansCache.Proof.Schedules;

namespace OrleansCache.Proof.Processes;

/// <summary>
/// The histories of clients with near caches in three regions that are far apart, while links and regions are cut off and come back. As
/// long as no owner was declared dead each slot has one owner, and every promise holds; else the bound and the order of what a client sees.
/// </summary>
[Collection(Clusters.Busy.Name), Trait("Tier", "All")]
public sealed class DistantHistoryTests(ITestOutputHelper output)
{
    private const string Home = TroubledCluster.Home;
    private const string Asia = "asia";
    private const string NorthAmerica = "northamerica";

    // A cut longer than two leases, and time to become healthy again.
    private static readonly TimeSpan Cut = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan BetweenCuts = TimeSpan.FromSeconds(12);

    [DistantFact]
    public Task Whatever_is_cut_off_no_promise_is_broken() => HoldsAsync(Home);

    [DistantFact]
    public Task Whatever_is_cut_off_no_promise_is_broken_with_the_membership_table_abroad() => HoldsAsync(Asia);

    private async Task HoldsAsync(string clusteringRegion)
    {
        var seed = RunSettings.Seed();
        var length = RunSettings.LongRun() + BetweenCuts;
        var distances = NetworkDistance.Parse("europe-asia=160,europe-northamerica=90,asia-northamerica=150", TroubledCluster.Regions);
        var verdict = await new TroubledRun(output).RunAsync(
            seed, length, [], new(distances, clusteringRegion), Cuts(seed, length), Trouble(seed + 1, length));

        Assert.True(verdict.Holds, verdict.ToString());
    }

    private static Schedule Cuts(ulong seed, TimeSpan length) => Schedule.InTurn(
        seed, length, BetweenCuts,
        [
            (Fault.CutLink, NetworkFaults.Link(Asia, Home), Cut),
            (Fault.CutOneWay, NetworkFaults.Link(Asia, Home), Cut),
            (Fault.CutOneWay, NetworkFaults.Link(Home, NorthAmerica), Cut),
            (Fault.IsolateRegion, NorthAmerica, Cut),
            (Fault.IsolateRegion, Home, Cut),
            (Fault.LosePackets, NetworkFaults.AllLinks, Cut),
        ]);

    private static Schedule Trouble(ulong seed, TimeSpan length)
    {
        var silos = TroubledCluster.Owners.Concat(TroubledCluster.Others).ToArray();
        string[] clients = [.. TroubledCluster.Regions.Select(ClientProcess.NameOf)];
        return Schedule.From(
            seed, length, TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(1_500),
            new(Fault.EvictBook, 3, silos),
            new(Fault.SqlEdit, 3, TroubledCluster.Books),
            new(Fault.PauseClient, 1, clients, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(4)),
            new(Fault.PauseSilo, 1, silos, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(500)));
    }
}

/// <summary>A test on a network with distance; it is skipped, with the reason, where there can be none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DistantFactAttribute : FactAttribute
{
    public DistantFactAttribute() => Skip = DistantNetwork.Unavailable;
}

using OrleansCache.Distance.Clients;
using OrleansCache.Distance.Clusters;
using OrleansCache.LocalClusters;

namespace OrleansCache.Distance.Cuts;

/// <summary>
/// Links that are cut for half a minute and healed. Behind a cut readers have their own copies until the lease ends, and flagged answers
/// then; elsewhere nobody waits, except an edit, for at most one lease; after it all guarantees are back soon.
/// </summary>
[Collection(Alone.Name), Trait("Tier", "All")]
public sealed class CutTests(ITestOutputHelper output)
{
    private const string Europe = DistantCluster.Europe;
    private const string Asia = DistantCluster.Asia;
    private const string NorthAmerica = DistantCluster.NorthAmerica;

    // A copy is renewed when 40% of its lease are left.
    private static readonly TimeSpan LeastLeft = 0.4 * CutRun.Lease;

    // Two round trips, a period of renewals, and the machine's own time.
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(4);

    // A silo that was declared dead ends, is started again and connects.
    private static readonly TimeSpan Restart = TimeSpan.FromSeconds(15);

    // How long a lookup goes on.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(2);

    [DistanceFact]
    public async Task A_link_between_two_regions()
    {
        await using var run = await CutRun.StartAsync(new());
        var course = await RunAsync(run, network => network.Cut(Asia, Europe));

        Assert.Empty(run.Ended);
        BehindIt(course, Asia, Recovery);
        ElsewhereNobodyWaits(course, Europe, NorthAmerica);
        TheEditWaitsForOneLease(course);
    }

    [DistanceFact]
    public async Task One_direction_of_a_link()
    {
        await using var run = await CutRun.StartAsync(new());
        var course = await RunAsync(run, network => network.CutOneWay(Europe, Asia));

        Assert.Empty(run.Ended);
        BehindIt(course, Asia, Recovery);
        ElsewhereNobodyWaits(course, Europe, NorthAmerica);
        TheEditWaitsForOneLease(course);
    }

    [DistanceFact]
    public async Task A_region_from_all_others()
    {
        await using var run = await CutRun.StartAsync(new());
        var course = await RunAsync(run, network => network.Isolate(Asia));

        // The others declare its silo dead, which ends when it learns that.
        Assert.All(run.Ended, ended => Assert.StartsWith(SiloProcess.NameOf(Asia, 1), ended, StringComparison.Ordinal));
        BehindIt(course, Asia, Restart);
        ElsewhereNobodyWaits(course, Europe, NorthAmerica);
        TheEditWaitsForOneLease(course);
    }

    [DistanceFact]
    public async Task A_region_with_the_clustering_Redis_from_all_others()
    {
        await using var run = await CutRun.StartAsync(new() { ClusteringRegion = Asia });
        var course = await RunAsync(run, network => network.Isolate(Asia));

        // The side of the clustering Redis may declare the others dead; they learn that when the cut has ended, and are restarted. As soon
        // as it has owners of its own, those of the other side lose the epochs of their slots, and their readers get flagged answers.
        foreach (var region in DistantCluster.Regions)
            BehindIt(course, region, run.Ended.Count == 0 ? Recovery : Restart);
        TheEditWaitsForOneLease(course);
    }

    [DistanceFact]
    public async Task Home_from_all_others()
    {
        await using var run = await CutRun.StartAsync(new());
        var course = await RunAsync(run, network => network.Isolate(Europe));

        BehindIt(course, Asia, run.Ended.Count == 0 ? Recovery : Restart);
        BehindIt(course, NorthAmerica, run.Ended.Count == 0 ? Recovery : Restart);
        ElsewhereNobodyWaits(course, Europe);
        TheEditWaitsForOneLease(course);
    }

    [DistanceFact]
    public async Task Home_from_all_others_and_from_the_clustering_Redis()
    {
        await using var run = await CutRun.StartAsync(new() { ClusteringRegion = Asia });
        var course = await RunAsync(run, network => network.Isolate(Europe));

        // The others declare its silo dead, and owners come up elsewhere; home's own readers are behind the cut.
        Assert.All(run.Ended, ended => Assert.StartsWith(SiloProcess.NameOf(Europe, 1), ended, StringComparison.Ordinal));
        foreach (var region in DistantCluster.Regions)
            BehindIt(course, region, Restart);
    }

    private async Task<CutCourse> RunAsync(CutRun run, Action<DistantNetwork> cut)
    {
        var course = await run.RunAsync(cut);
        output.WriteLine($"{course}");
        foreach (var ended in run.Ended)
            output.WriteLine($"ended: {ended}");
        return course;
    }

    private static void BehindIt(CutCourse course, string region, TimeSpan recovery)
    {
        // What is on its way to a silo that ends then is lost where there is no time any more, or have been too many retries, to ask
        // another.
        var lost = recovery == Restart
            ? course.Seconds(region, course.Healed - Deadline, course.Healed + Restart).Sum(second => second.Failed)
            : 0;
        Assert.InRange(lost, 0, CutRun.Rate);
        Assert.Equal(lost, course.Loads[region].Total.Failed);
        Assert.Equal(0, course.Loads[region].Total.Refused);
        Assert.All(course.Seconds(region, TimeSpan.Zero, course.Began + LeastLeft - Slack), second => Assert.Equal(0, second.Flagged));
        Assert.All(course.After(region, recovery), IsHealthy);
        Assert.NotEmpty(course.After(region, recovery));
    }

    private static void ElsewhereNobodyWaits(CutCourse course, params string[] regions)
    {
        foreach (var region in regions)
            Assert.All(course.Loads[region].Seconds, IsHealthy);
    }

    private static void IsHealthy(LoadFigures second) =>
        Assert.True(second is { Failed: 0, Refused: 0, Flagged: 0 }, Measuring.Report.Text(second));

    private static void TheEditWaitsForOneLease(CutCourse course)
    {
        Assert.Null(course.Edit.Error);
        Assert.InRange(course.Edit.Ms, 0, (CutRun.Lease + Slack).TotalMilliseconds);
    }
}

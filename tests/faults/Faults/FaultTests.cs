using System.Globalization;
using OrleansCache.TestSupport;
using OrleansCache.Tests.Faults.Clusters;
using OrleansCache.Tests.Faults.Load;

namespace OrleansCache.Tests.Faults.Faults;

/// <summary>What the tests of faults have in common: they find a calm cluster, leave one, and say what they measured.</summary>
public abstract class FaultTests(ITestOutputHelper output)
{
    /// <summary>How long fail-over may take.</summary>
    protected const double FailOver = 5_000;

    /// <summary>What a lookup may take during fail-over, but for one of a hundred.</summary>
    protected const double FailOverP99 = 1_000;

    /// <summary>How long the others may take until they know that a silo was killed or hangs.</summary>
    protected const double Detection = 3_000;

    private protected static string[] Regions => FaultCluster.Regions;

    protected void Say(string text) => output.WriteLine(text);

    /// <summary>Runs a scenario on a calm cluster, whatever an earlier one that failed has left.</summary>
    private protected async Task RunAsync(FaultCluster cluster, Func<Task> scenario)
    {
        try
        {
            await cluster.RestoreAsync();
            await cluster.Load.WhenCalmAsync();
            await scenario();
            cluster.NoDoubles();
        }
        catch
        {
            cluster.Spoil();
            Say(cluster.LastLines());
            throw;
        }
    }

    /// <summary>Looks at the time since a fault: no lookup failed, none but few took long, and regions that can answer for themselves soon did.</summary>
    private protected async Task CheckFailOverAsync(FaultCluster cluster, string name, double since, params string[] regions)
    {
        var window = await cluster.Load.SinceAsync(name, since);
        Say(window.ToString());
        window.NoneFailed();
        foreach (var region in Regions)
        {
            var failOver = Slice(window.Of(region), since, since + FailOver);
            Say(failOver.ToString());
            var awake = failOver.WhileAwake();
            Assert.True(awake.Count > failOver.Count / 4, $"The load stood still itself for most of the time: {failOver}");
            Assert.True(awake.P99 <= FailOverP99, awake.ToString());
        }

        foreach (var region in regions)
        {
            var recovered = window.Of(region).ByThemselvesSince(since) - since;
            Say(string.Create(CultureInfo.InvariantCulture, $"{name}: {region} answers for itself after {recovered:0} ms"));
            Assert.True(recovered <= FailOver, $"{region} answered for itself only after {recovered:N0} ms");
        }
    }

    /// <summary>Waits until a silo has written that another one is dead: soon after that one was lost.</summary>
    private protected async Task CheckDetectionAsync(FaultCluster cluster, string silo, long lost)
    {
        await Eventually.IsTrueAsync(() => cluster.Deaths.Of(silo, lost).Count > 0, $"a silo writes that {silo} is dead");
        var notices = cluster.Deaths.Of(silo, lost);
        Say($"{silo} is dead {string.Join(", ", notices.Select(notice => string.Create(CultureInfo.InvariantCulture, $"to {notice.By} after {notice.After:0} ms")))}");
        Assert.True(notices[0].After <= Detection, $"{silo} was dead to {notices[0].By} only after {notices[0].After:N0} ms");
    }

    private static Window Slice(Window window, double from, double to) =>
        new("fail-over", [.. window.Samples.Where(sample => sample.Started >= from && sample.Started < to)]);
}

using System.Globalization;
using OrleansCache.TestSupport;
using OrleansCache.Tests.Faults.Clusters;

namespace OrleansCache.Tests.Faults.Faults;

/// <summary>
/// The common part of the fault tests: each starts and ends with a steady cluster. Safety is asserted: no lookup fails, or is answered with
/// a wrong or an old value. Recovery is awaited, and its duration is only reported, because it depends on the machine.
/// </summary>
public abstract class FaultTests(ITestOutputHelper output)
{
    private protected static string[] Regions => FaultCluster.Regions;

    protected void Say(string text) => output.WriteLine(text);

    /// <summary>Runs a scenario on a steady cluster, whatever state an earlier scenario that failed has left it in.</summary>
    private protected async Task RunAsync(FaultCluster cluster, Func<Task> scenario)
    {
        try
        {
            await cluster.RestoreAsync();
            await cluster.Load.WhenSteadyAsync();
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

    /// <summary>
    /// Asserts that no lookup since a fault failed, and reports how long regions took until they answered for themselves again.
    /// </summary>
    private protected async Task CheckFailOverAsync(FaultCluster cluster, string name, double since, params string[] regions)
    {
        var window = await cluster.Load.SinceAsync(name, since);
        Say(window.ToString());
        window.NoneFailed();
        foreach (var region in Regions)
            Say(window.Of(region).ToString());
        foreach (var region in regions)
        {
            var recovered = window.Of(region).ByThemselvesSince(since) - since;
            Say(string.Create(CultureInfo.InvariantCulture, $"{name}: {region} answers for itself after {recovered:0} ms"));
        }
    }

    /// <summary>Waits until a silo has logged that another one is dead, and reports how long it took.</summary>
    private protected async Task WhenDetectedAsync(FaultCluster cluster, string silo, long lost)
    {
        await Eventually.IsTrueAsync(() => cluster.Deaths.Of(silo, lost).Count > 0, $"a silo logs that {silo} is dead");
        var notices = cluster.Deaths.Of(silo, lost)
            .Select(notice => string.Create(CultureInfo.InvariantCulture, $"to {notice.By} after {notice.After:0} ms"));
        Say($"{silo} is dead {string.Join(", ", notices)}");
    }
}

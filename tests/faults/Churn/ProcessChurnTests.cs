using OrleansCache.Tests.Faults.Clusters;
using OrleansCache.Tests.Faults.Load;

namespace OrleansCache.Tests.Faults.Churn;

/// <summary>Silos as processes and clients that join, leave and crash at random.</summary>
public sealed class ProcessChurnTests(ITestOutputHelper output)
{
    private const double Span = 60_000;
    private const int MostPause = 2_000;
    private const int CrashPercent = 30;

    [Fact]
    public async Task Six_silos_and_ten_clients_join_and_leave_at_random_and_no_lookup_fails()
    {
        var (ofSilos, ofReaders) = ChurnSchedule.NewPair();
        output.WriteLine($"seed {ofSilos.Seed}");
        await using var cluster = await FaultCluster.StartAsync(FaultCluster.Regions.Select(region => (region, 2)), underLoad: false);
        await using var readers = new ReaderCrowd(() => cluster.Processes.ClientSettings, FaultCluster.Regions, size: 10);
        await Task.WhenAll(readers.Names.Select(readers.JoinAsync));
        await using var load = await SteadyLoad.StartAsync(FaultCluster.Regions, readers.Pick);

        var began = load.Now;
        var steps = new List<string>();
        try
        {
            await Task.WhenAll(
                Task.Run(() => JoinAndLeaveAsync(cluster, load, ofSilos, steps, began + Span)),
                Task.Run(() => JoinAndLeaveAsync(readers, load, ofReaders, began + Span)));
            var window = await load.SinceAsync("churn", began);
            output.WriteLine($"{window}; {steps.Count} joins, leaves and crashes of silos, {cluster.Ledger.Count} activations");
            window.NoneFailed();
            cluster.NoDoubles();
        }
        catch
        {
            output.WriteLine(string.Join(Environment.NewLine, steps));
            output.WriteLine(cluster.LastLines());
            throw;
        }
    }

    private static async Task JoinAndLeaveAsync(
        FaultCluster cluster, SteadyLoad load, ChurnSchedule schedule, List<string> steps, double until)
    {
        var there = cluster.Processes.Silos.Select(silo => silo.Name).ToList();
        var away = new List<string>();
        while (load.Now < until)
        {
            var (who, what) = schedule.Next(there, away, least: 1, CrashPercent);
            steps.Add($"{load.Now - (until - Span):N0} ms: {who} {what}");
            switch (what)
            {
                case ChurnSchedule.Step.Join:
                    await cluster.StartAgainAsync(who);
                    break;
                case ChurnSchedule.Step.Leave:
                    Assert.Equal(0, await cluster.StopAsync(who));
                    break;
                case ChurnSchedule.Step.Crash:
                    await cluster.KillAsync(who);
                    break;
            }

            var (from, to) = what is ChurnSchedule.Step.Join ? (away, there) : (there, away);
            from.Remove(who);
            to.Add(who);
            await Task.Delay(schedule.Pause(MostPause));
        }
    }

    private static async Task JoinAndLeaveAsync(ReaderCrowd readers, SteadyLoad load, ChurnSchedule schedule, double until)
    {
        while (load.Now < until)
        {
            var (who, what) = schedule.Next(readers.Free, readers.Away, least: 1, crashPercent: 0);
            await (what is ChurnSchedule.Step.Join ? readers.JoinAsync(who) : readers.LeaveAsync(who));
            await Task.Delay(schedule.Pause(MostPause));
        }
    }
}

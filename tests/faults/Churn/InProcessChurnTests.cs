using OrleansCache.Tests.Faults.Clusters;
using OrleansCache.Tests.Faults.Load;

namespace OrleansCache.Tests.Faults.Churn;

/// <summary>More silos and clients than a machine can run as processes.</summary>
public sealed class InProcessChurnTests(ITestOutputHelper output)
{
    private const double Span = 15_000;
    private const int Silos = 20;
    private const int Clients = 50;
    private const int MostPause = 1_000;
    private const int Rate = 100;

    [Fact]
    public async Task Twenty_silos_and_fifty_clients_join_and_leave_at_random_and_no_lookup_fails()
    {
        var (ofSilos, ofReaders) = ChurnSchedule.NewPair();
        output.WriteLine($"seed {ofSilos.Seed}");
        await using var silos = new InProcessSilos(FaultCluster.Regions, Silos);
        await silos.StartAsync();
        await using var readers = new ReaderCrowd(() => silos.ClientSettings, FaultCluster.Regions, Clients);
        var fiveAtOnce = new ParallelOptions { MaxDegreeOfParallelism = 5 };
        await Parallel.ForEachAsync(readers.Names, fiveAtOnce, async (name, _) => await readers.JoinAsync(name));
        await using var load = await SteadyLoad.StartAsync(FaultCluster.Regions, readers.Pick, Rate);

        var began = load.Now;
        var goings = await Task.WhenAll(
            Task.Run(() => JoinAndLeaveAsync(
                ofSilos, load, began + Span, () => silos.There, () => silos.Away, silos.JoinAsync, silos.LeaveAsync)),
            Task.Run(() => JoinAndLeaveAsync(
                ofReaders, load, began + Span, () => readers.Free, () => readers.Away, readers.JoinAsync, readers.LeaveAsync)));

        var window = await load.SinceAsync("churn in one process", began);
        output.WriteLine($"{window}; {goings[0]} joins and leaves of silos, {goings[1]} of clients, {silos.Ledger.Count} activations");
        window.NoneFailed();
        Assert.Empty(silos.DeclaredDead);
        Assert.True(silos.Ledger.Count > 0, "The silos logged no activation at all.");
        Assert.Empty(silos.Ledger.Doubles());
    }

    private static async Task<int> JoinAndLeaveAsync(
        ChurnSchedule schedule,
        SteadyLoad load,
        double until,
        Func<IReadOnlyList<string>> there,
        Func<IReadOnlyList<string>> away,
        Func<string, Task> join,
        Func<string, Task> leave)
    {
        var steps = 0;
        for (; load.Now < until; steps++)
        {
            var (who, what) = schedule.Next(there(), away(), least: 1, crashPercent: 0);
            await (what is ChurnSchedule.Step.Join ? join(who) : leave(who));
            await Task.Delay(schedule.Pause(MostPause));
        }

        return steps;
    }
}

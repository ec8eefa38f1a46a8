using System.Globalization;
using OrleansCache.Engine.Tests.Support;
using Xunit.Abstractions;

namespace OrleansCache.Engine.Tests.Memory;

/// <summary>Activations that have gone leave nothing behind.</summary>
[Collection(AloneCollection.Name)]
public sealed class ActivationMemoryTests(OneSilo cluster, ITestOutputHelper output)
{
    private const int PerRound = 10_000;
    private const int FirstRounds = 15;
    private const int LaterRounds = 10;

    [Fact]
    public async Task A_hundred_thousand_activations_come_and_go_without_growth_of_memory()
    {
        // The first rounds fill tables, pools and caches of bounded size, and outlast what the start of the silos and other tests left behind.
        for (var round = 1; round <= FirstRounds; round++)
            await ComeAndGoAsync(round);
        var before = Enumerable.Range(0, 3).Min(_ => Measure());

        await ComeAsync();
        var full = Measure();
        await GoAsync((FirstRounds + 1) * PerRound);
        for (var round = FirstRounds + 2; round <= FirstRounds + LaterRounds; round++)
            await ComeAndGoAsync(round);

        // What has gone may be held for a moment still, by a timer that has not run out or a thread that has not moved on.
        var after = Measure();
        var cost = (full - before) / (double)PerRound;
        await Until.TrueAsync(
            () =>
            {
                after = Math.Min(after, Measure());
                return Left() < 10;
            },
            () => $"less than 10 bytes left behind by each activation that went, there are {Left():N1}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"bytes: {before:N0} after {FirstRounds} rounds, {full:N0} with {PerRound:N0} activations "
            + $"({cost:N0} each), {after:N0} after {LaterRounds} rounds more ({Left():N1} for each activation that went)"));
        Assert.True(cost > 100, $"{cost:N0} bytes per activation: the activations were not there to be measured.");

        // An activation costs more than 500 bytes on any engine, its entry in a table alone some 50 to 100. Below 10 bytes nothing of it is left.
        double Left() => (after - before) / (double)(LaterRounds * PerRound);
    }

    private static long Measure()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private async Task ComeAndGoAsync(int round)
    {
        await ComeAsync();
        await GoAsync(round * PerRound);
    }

    // The keys are those of the round before: a directory may remember where a key was, but not grow with how often it was there.
    private Task ComeAsync() => ForAllAsync(grain => grain.Come());

    private async Task GoAsync(int total)
    {
        await ForAllAsync(grain => grain.Go());
        await Until.TrueAsync(() => cluster.Population.Gone == total, () => $"{total} farewells, there are {cluster.Population.Gone}");
        Assert.Equal(total, cluster.Population.Come);
    }

    private Task ForAllAsync(Func<IDayflyGrain, Task> call) =>
        Parallel.ForAsync(0, PerRound, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, _) =>
            await call(cluster.Client.GetGrain<IDayflyGrain>(i.ToString(CultureInfo.InvariantCulture))));
}

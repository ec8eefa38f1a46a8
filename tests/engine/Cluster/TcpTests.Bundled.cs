using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Cluster;

/// <summary>What the bundled engine promises beyond Orleans, where calls to a silo that stops may be rejected, holds on sockets too.</summary>
public sealed class TcpTests(TcpCluster cluster) : IClassFixture<TcpCluster>
{
    private const int Callers = 8;

    [Fact]
    public async Task No_call_between_silos_is_lost_while_one_of_them_leaves()
    {
        var leaving = await cluster.Cluster.StartAdditionalSiloAsync();
        cluster.Join(leaving);
        var caller = TestClusterFixture.Factory(cluster.Cluster.Primary!);
        string[] keys = [.. Enumerable.Range(0, 50).Select(_ => TestClusterFixture.NewKeyOn(leaving))];
        await Until.TrueAsync(
            async () => leaving.Name == await caller.GetGrain<IResidenceGrain>(TestClusterFixture.NewKeyOn(leaving)).Silo(),
            () => $"{leaving.Name} to take grains");
        foreach (var key in keys)
            Assert.Equal(leaving.Name, await caller.GetGrain<IResidenceGrain>(key).Silo());
        using var stop = new CancellationTokenSource();
        var calling = Enumerable.Range(0, Callers).Select(number => CallAsync(caller, keys, number, stop.Token)).ToList();

        await cluster.Cluster.StopSiloAsync(leaving);
        foreach (var key in keys)
            Assert.NotEqual(leaving.Name, await caller.GetGrain<IResidenceGrain>(key).Silo());

        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(calling).WaitAsync(Until.Bound), calls => Assert.True(calls > 0));
    }

    private static async Task<int> CallAsync(IGrainFactory caller, string[] keys, int number, CancellationToken stop)
    {
        var calls = 0;
        while (!stop.IsCancellationRequested)
        {
            await caller.GetGrain<IResidenceGrain>(keys[(number + calls) % keys.Length]).Silo();
            calls++;
        }

        return calls;
    }
}

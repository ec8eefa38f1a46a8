using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using OrleansCache.LocalClusters;
using OrleansCache.TestSupport;

namespace OrleansCache.Distance.Networks;

/// <summary>The network itself: what it delays, loses, cuts and counts.</summary>
public sealed class DistantNetworkTests : IAsyncLifetime
{
    private const string Here = "here";
    private const string There = "there";
    private const int Port = NetworkPorts.Silo;

    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(100);

    private DistantNetwork? _network;
    private Socket? _listener;

    private DistantNetwork Network => _network!;

    public async Task InitializeAsync()
    {
        if (DistantNetwork.Unavailable is not null)
            return;
        _network = await DistantNetwork.StartAsync(new() { Hosts = [Here, There], Distances = [new(Here, There, RoundTrip)] });
        _listener = await _network.Host(There).OpenSocketAsync();
        _listener.Bind(new IPEndPoint(_network.Host(There).Address, Port));
        _listener.Listen();
    }

    public Task DisposeAsync()
    {
        _listener?.Dispose();
        _network?.Dispose();
        return Task.CompletedTask;
    }

    [DistanceFact]
    public async Task An_answer_takes_a_round_trip()
    {
        using var connection = await Connection.OpenAsync(Network, _listener!);

        Assert.InRange(await connection.FastestEchoAsync(), RoundTrip, RoundTrip * 1.5);

        Network.SetRoundTrip(Here, There, RoundTrip * 2);
        Assert.InRange(await connection.FastestEchoAsync(), RoundTrip * 2, RoundTrip * 3);
    }

    [DistanceFact]
    public async Task Packets_with_data_are_counted_by_way_and_kind()
    {
        using var connection = await Connection.OpenAsync(Network, _listener!);

        await connection.EchoAsync();

        Assert.Equal(
            [new(Here, There, NetworkTraffic.Silo, 1, 1), new NetworkCount(There, Here, NetworkTraffic.Silo, 1, 1)], Network.Counts);
    }

    [DistanceFact]
    public async Task Nothing_passes_a_cut_until_it_is_healed()
    {
        using var connection = await Connection.OpenAsync(Network, _listener!);
        Network.Cut(Here, There);

        var echo = connection.EchoAsync();
        await Task.Delay(RoundTrip * 3);
        Assert.False(echo.IsCompleted);

        Network.Heal();
        await echo.WaitAsync(Eventually.Bound);
    }

    [DistanceFact]
    public async Task A_cut_may_be_of_one_way()
    {
        using var connection = await Connection.OpenAsync(Network, _listener!);
        Network.CutOneWay(There, Here);

        var echo = connection.EchoAsync();
        await Eventually.IsTrueAsync(
            () => Network.Counts.Any(count => count is { Source: There, Packets: > 0 }), "the question arrives, and is answered");
        await Task.Delay(RoundTrip * 3);
        Assert.False(echo.IsCompleted);

        Network.Heal(Here, There);
        await echo.WaitAsync(Eventually.Bound);
    }

    [DistanceFact]
    public async Task Some_packets_are_lost_if_they_shall_be()
    {
        const int echoes = 10;
        Network.SetRoundTrip(Here, There, TimeSpan.Zero);
        var connections = new List<Connection>();
        for (var i = 0; i < 10; i++)
            connections.Add(await Connection.OpenAsync(Network, _listener!));
        Network.SetLoss(0.1);

        await Task.WhenAll(connections.Select(async connection =>
        {
            for (var i = 0; i < echoes; i++)
                await connection.EchoAsync().WaitAsync(Eventually.Bound);
            connection.Dispose();
        }));

        // What is lost is sent again.
        var sent = 2 * echoes * connections.Count;
        Assert.InRange(Network.Counts.Sum(count => count.Packets), sent + 1, sent * 2);
    }

    [DistanceFact]
    public async Task Programs_run_on_a_host_and_end_with_this_process()
    {
        await using var process = await GuardedProcess.StartAsync(
            new() { Command = ["/bin/sh", "-c", "exec ip address"], Host = Network.Host(There) });

        await process.WaitForLineAsync($"inet {Network.Host(There).Address}/32");
        Assert.Equal(0, await process.Ended);
    }

    [Fact]
    public async Task A_host_that_does_not_exist_is_named()
    {
        if (_network is null)
        {
            Assert.NotNull(DistantNetwork.Unavailable);
            await Assert.ThrowsAsync<InvalidOperationException>(() => DistantNetwork.StartAsync(new() { Hosts = [Here] }));
            return;
        }

        var error = Assert.Throws<ArgumentException>(() => Network.Cut(Here, "elsewhere"));

        Assert.Contains("\"elsewhere\"; there are here, there", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A connection from one host to the other, which sends back what it gets.</summary>
    private sealed class Connection(Socket near, Socket far) : IDisposable
    {
        private const int Echoes = 5;

        private readonly byte[] _byte = new byte[1];

        public static async Task<Connection> OpenAsync(DistantNetwork network, Socket listener)
        {
            var near = await network.Host(Here).OpenSocketAsync();
            var accepted = listener.AcceptAsync();
            await near.ConnectAsync(network.Host(There).Address, Port).WaitAsync(Eventually.Bound);
            var far = await accepted;
            near.NoDelay = far.NoDelay = true;
            return new(near, far);
        }

        public async Task EchoAsync()
        {
            var echo = Task.Run(async () =>
            {
                var buffer = new byte[1];
                await far.ReceiveAsync(buffer);
                await far.SendAsync(buffer);
            });
            await near.SendAsync(_byte);
            await near.ReceiveAsync(_byte);
            await echo;
        }

        /// <summary>The shortest of a few: a busy machine makes some longer.</summary>
        public async Task<TimeSpan> FastestEchoAsync()
        {
            var fastest = TimeSpan.MaxValue;
            for (var i = 0; i < Echoes; i++)
            {
                var start = Stopwatch.GetTimestamp();
                await EchoAsync();
                var took = Stopwatch.GetElapsedTime(start);
                fastest = took < fastest ? took : fastest;
            }

            return fastest;
        }

        public void Dispose()
        {
            near.Dispose();
            far.Dispose();
        }
    }
}

using System.Diagnostics;
using OrleansCache.Distance.Clients;
using OrleansCache.Distance.Clusters;
using OrleansCache.LocalClusters;
using OrleansCache.TestSupport;

namespace OrleansCache.Distance.Regions;

/// <summary>Three regions that are far apart, with a client without near cache in each of them, for the tests of a class.</summary>
public sealed class DistantRegions : IAsyncLifetime
{
    /// <summary>The silos' leases. Half of the default, so that a test that waits for the end of one takes half the time.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);

    private const int Books = 200;

    private DistantCluster? _cluster;
    private Dictionary<string, DistantClient> _clients = [];
    private int _calm;

    /// <summary>The prefixes of the books' keys.</summary>
    internal static string[] Shelves { get; } = ["cold::", "packets::", "warm::", "edited::", "cut::", "after::"];

    internal DistantCluster Cluster => _cluster ?? throw new InvalidOperationException("The cluster has not been started.");

    internal DistantNetwork Network => Cluster.Network ?? throw new InvalidOperationException("The cluster has no network.");

    /// <summary>The client of a region.</summary>
    internal DistantClient this[string region] => _clients[region];

    internal IEnumerable<DistantClient> Clients => _clients.Values;

    public async Task InitializeAsync()
    {
        if (DistantNetwork.Unavailable is not null)
            return;
        _cluster = await DistantCluster.StartAsync(new()
        {
            Books = Shelves.ToDictionary(shelf => shelf, _ => Books),
            Settings = new Dictionary<string, string> { ["Leases:Length"] = Lease.ToString() },
        });
        _clients = (await Task.WhenAll(
                DistantCluster.Regions.Select(region => _cluster.ConnectClientAsync(region, DistantCluster.WithoutNearCache))))
            .ToDictionary(client => client.Region);
    }

    /// <summary>Waits until each region answers for a book that nobody has asked for before, with all guarantees.</summary>
    internal async Task BecomeHealthyAsync()
    {
        foreach (var client in Clients)
        {
            await Eventually.IsTrueAsync(
                async () => (await client.GetAsync($"after::absent-{Interlocked.Increment(ref _calm)}")).IsHealthy,
                $"a lookup of {client.Region} is answered at once and has all guarantees");
        }
    }

    /// <summary>The round trip from a region to home.</summary>
    internal TimeSpan ToHome(string region) => Network.RoundTrip(region, DistantCluster.Europe);

    /// <summary>The packets with data between silos of different regions that something causes; idle traffic is left out.</summary>
    internal async Task<long> PacketsAsync(TimeSpan length, Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        var begin = Cluster.SiloPackets();
        await Task.Delay(length);
        var (idle, idleTime) = (Cluster.SiloPackets() - begin, Stopwatch.GetElapsedTime(start));
        start = Stopwatch.GetTimestamp();
        begin = Cluster.SiloPackets();
        await work();
        return Cluster.SiloPackets() - begin - (long)(idle * (Stopwatch.GetElapsedTime(start) / idleTime));
    }

    public async Task DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }
}

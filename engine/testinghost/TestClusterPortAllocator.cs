using System.Net.NetworkInformation;

namespace Orleans.TestingHost;

/// <summary>Hands out ports of the loopback interface that nobody listens at.</summary>
public class TestClusterPortAllocator : ITestClusterPortAllocator
{
    private const int First = 20_000;
    private const int Last = 32_000;
    private readonly HashSet<int> _taken = [];

    /// <inheritdoc/>
    public (int, int) AllocateConsecutivePortPairs(int numPorts = 5)
    {
        lock (_taken)
        {
            foreach (var listener in IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners()) _taken.Add(listener.Port);
            return (Take(numPorts), Take(numPorts));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the ports.</summary>
    /// <param name="disposing">False in a finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
    }

    /// <summary>Test processes that run at the same time begin at different places.</summary>
    private int Take(int count)
    {
        for (var attempt = 0; attempt < Last; attempt++)
        {
            var ports = Enumerable.Range(Random.Shared.Next(First, Last - count), count).ToList();
            if (ports.Exists(_taken.Contains)) continue;
            _taken.UnionWith(ports);
            return ports[0];
        }

        throw new InvalidOperationException($"There are no {count} free ports in a row between {First} and {Last}.");
    }
}

namespace Orleans.TestingHost;

/// <summary>Counts ports up. They name listeners within one cluster, whose network no other cluster shares, so they need not be free on the machine.</summary>
public class TestClusterPortAllocator : ITestClusterPortAllocator
{
    private int _lastSiloPort = 22300;
    private int _lastGatewayPort = 40000;

    /// <inheritdoc/>
    public (int, int) AllocateConsecutivePortPairs(int numPorts = 5) =>
        (Interlocked.Add(ref _lastSiloPort, numPorts) - numPorts, Interlocked.Add(ref _lastGatewayPort, numPorts) - numPorts);

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
}

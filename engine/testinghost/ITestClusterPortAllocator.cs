namespace Orleans.TestingHost;

/// <summary>Hands out ports for the silos of test clusters.</summary>
public interface ITestClusterPortAllocator : IDisposable
{
    /// <summary>Hands out ports that nobody else gets until the allocator is disposed.</summary>
    /// <param name="numPorts">How many silos need ports.</param>
    /// <returns>The first of as many consecutive silo ports, and the first of as many gateway ports.</returns>
    (int, int) AllocateConsecutivePortPairs(int numPorts);
}

using Orleans.TestingHost;

namespace OrleansCache.Engine.Tests.Cluster;

/// <summary>What a client that the test host has not made needs to reach a test cluster.</summary>
internal static class OwnClient
{
    /// <summary>Nothing: the silo listens on TCP.</summary>
    public static void Reach(IClientBuilder client, SiloHandle silo)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(silo);
    }
}

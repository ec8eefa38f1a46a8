using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using OrleansCache.Engine.Tests.Support;
using OrleansCache.Engine.Transport;

namespace OrleansCache.Engine.Tests.Cluster;

/// <summary>What a client that the test host has not made needs to reach a test cluster.</summary>
internal static class OwnClient
{
    /// <summary>Lets the client reach that silo: this engine's silos are reached through the network object that they share.</summary>
    public static void Reach(IClientBuilder client, SiloHandle silo) =>
        client.Services.AddSingleton(TestClusterFixture.Services(silo).GetRequiredService<InProcessNetwork>());
}

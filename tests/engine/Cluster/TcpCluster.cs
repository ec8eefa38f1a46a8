using Orleans.TestingHost;
using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Cluster;

/// <summary>Two silos that a client of one's own can reach.</summary>
public sealed class TcpCluster : TestClusterFixture
{
    /// <inheritdoc/>
    protected override short Silos => 2;

    // Only this transport is open to clients that the test host has not made itself.
    /// <inheritdoc/>
    protected override void Configure(TestClusterBuilder builder) => builder.Options.ConnectionTransport = ConnectionTransportType.TcpSocket;
}

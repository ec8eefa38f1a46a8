using System.Globalization;
using System.Net;

namespace Orleans.TestingHost;

/// <summary>What one silo of a test cluster has of its own.</summary>
public class TestSiloSpecificOptions
{
    /// <summary>The silo's name.</summary>
    public string SiloName { get; set; } = null!;

    /// <summary>The port for other silos.</summary>
    public int SiloPort { get; set; }

    /// <summary>The port for clients; 0: none.</summary>
    public int GatewayPort { get; set; }

    /// <summary>Where the primary silo listens.</summary>
    public IPEndPoint? PrimarySiloEndPoint { get; set; }

    /// <summary>Makes the options of a silo.</summary>
    /// <param name="testCluster">The cluster.</param>
    /// <param name="testClusterOptions">The cluster's options.</param>
    /// <param name="instanceNumber">The silo's number.</param>
    /// <param name="assignNewPort">Ports that no silo of the cluster had before.</param>
    public static TestSiloSpecificOptions Create(TestCluster testCluster, TestClusterOptions testClusterOptions, int instanceNumber, bool assignNewPort = false)
    {
        ArgumentNullException.ThrowIfNull(testCluster);
        ArgumentNullException.ThrowIfNull(testClusterOptions);
        var (siloPort, gatewayPort) = assignNewPort
            ? testCluster.PortAllocator.AllocateConsecutivePortPairs(1)
            : (testClusterOptions.BaseSiloPort + instanceNumber, testClusterOptions.BaseGatewayPort + instanceNumber);
        return new TestSiloSpecificOptions
        {
            SiloName = testClusterOptions.UseTestClusterMembership && instanceNumber == 0 ? TestCluster.PrimaryName : $"Secondary_{instanceNumber}",
            PrimarySiloEndPoint = testClusterOptions.UseTestClusterMembership ? new IPEndPoint(IPAddress.Loopback, testClusterOptions.BaseSiloPort) : null,
            SiloPort = siloPort,
            GatewayPort = instanceNumber == 0 || testClusterOptions.GatewayPerSilo ? gatewayPort : 0,
        };
    }

    /// <summary>The options as configuration values.</summary>
    public Dictionary<string, string?> ToDictionary()
    {
        var values = new Dictionary<string, string?>
        {
            ["Orleans:Endpoints:AdvertisedIPAddress"] = IPAddress.Loopback.ToString(),
            ["Orleans:Endpoints:SiloPort"] = SiloPort.ToString(CultureInfo.InvariantCulture),
            ["Orleans:Endpoints:GatewayPort"] = GatewayPort.ToString(CultureInfo.InvariantCulture),
            ["Orleans:Name"] = SiloName,
        };
        if (PrimarySiloEndPoint is not null) values["Orleans:Clustering:PrimarySiloEndPoint"] = PrimarySiloEndPoint.ToString();
        return values;
    }
}

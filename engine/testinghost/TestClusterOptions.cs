using System.Globalization;

namespace Orleans.TestingHost;

/// <summary>What a test cluster is made of.</summary>
public class TestClusterOptions
{
    /// <summary>The cluster.</summary>
    public string ClusterId { get; set; } = null!;

    /// <summary>The service that the cluster serves.</summary>
    public string ServiceId { get; set; } = null!;

    /// <summary>The first silo's port for other silos; the next silos have the next ones.</summary>
    public int BaseSiloPort { get; set; }

    /// <summary>The first silo's port for clients; the next silos have the next ones.</summary>
    public int BaseGatewayPort { get; set; }

    /// <summary>The first silo is the primary, and the silos find each other without further configuration.</summary>
    public bool UseTestClusterMembership { get; set; }

    /// <summary>A client is started with the cluster.</summary>
    public bool InitializeClientOnDeploy { get; set; }

    /// <summary>How many silos are started with the cluster.</summary>
    public short InitialSilosCount { get; set; }

    /// <summary>Each silo accepts clients, not just the first.</summary>
    public bool GatewayPerSilo { get; set; } = true;

    /// <summary>What carries the bytes between the hosts: memory or, so that other hosts can reach the cluster too, <see cref="ConnectionTransportType.TcpSocket"/>.</summary>
    public ConnectionTransportType ConnectionTransport { get; set; } = ConnectionTransportType.InMemory;

    /// <summary>The types that configure silos, in the order in which they do.</summary>
    public List<string?> SiloBuilderConfiguratorTypes { get; } = [];

    /// <summary>The types that configure the client, in the order in which they do.</summary>
    public List<string?> ClientBuilderConfiguratorTypes { get; } = [];

    /// <summary>The options as configuration values.</summary>
    public Dictionary<string, string?> ToDictionary()
    {
        var values = new Dictionary<string, string?>
        {
            [$"Orleans:{nameof(ClusterId)}"] = ClusterId,
            [$"Orleans:{nameof(ServiceId)}"] = ServiceId,
            [nameof(BaseSiloPort)] = BaseSiloPort.ToString(CultureInfo.InvariantCulture),
            [nameof(BaseGatewayPort)] = BaseGatewayPort.ToString(CultureInfo.InvariantCulture),
            [nameof(UseTestClusterMembership)] = UseTestClusterMembership.ToString(),
            [nameof(InitializeClientOnDeploy)] = InitializeClientOnDeploy.ToString(),
            [nameof(InitialSilosCount)] = InitialSilosCount.ToString(CultureInfo.InvariantCulture),
            [nameof(ConnectionTransport)] = ConnectionTransport.ToString(),
            [nameof(GatewayPerSilo)] = GatewayPerSilo.ToString(),
        };
        AddList(values, nameof(SiloBuilderConfiguratorTypes), SiloBuilderConfiguratorTypes);
        AddList(values, nameof(ClientBuilderConfiguratorTypes), ClientBuilderConfiguratorTypes);
        return values;
    }

    private static void AddList(Dictionary<string, string?> values, string name, List<string?> list)
    {
        for (var i = 0; i < list.Count; i++) values[$"{name}:{i}"] = list[i];
    }
}

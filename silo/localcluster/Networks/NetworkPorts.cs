namespace OrleansCache.LocalClusters;

/// <summary>The ports of a cluster's servers on the hosts of a <see cref="DistantNetwork"/>, by which its traffic is told apart.</summary>
public static class NetworkPorts
{
    /// <summary>The port for other silos of a region's silo 1; those of further silos follow.</summary>
    public const int Silo = 11_111;

    /// <summary>The port for clients of a region's silo 1; those of further silos follow.</summary>
    public const int Gateway = 30_000;

    /// <summary>A region's Redis.</summary>
    public const int Node = 6_379;

    /// <summary>The clustering Redis.</summary>
    public const int Clustering = 6_380;

    /// <summary>PostgreSQL.</summary>
    public const int Catalog = 5_432;

    private const int MostSilos = 100;

    /// <summary>The kind of a packet's traffic; one of its ports is a server's.</summary>
    internal static NetworkTraffic KindOf(int source, int target) => KindOf(source) ?? KindOf(target) ?? NetworkTraffic.Other;

    private static NetworkTraffic? KindOf(int port) => port switch
    {
        >= Silo and < Silo + MostSilos => NetworkTraffic.Silo,
        >= Gateway and < Gateway + MostSilos => NetworkTraffic.Gateway,
        Node => NetworkTraffic.Node,
        Clustering => NetworkTraffic.Clustering,
        Catalog => NetworkTraffic.Catalog,
        _ => null,
    };
}

/// <summary>What a packet belongs to.</summary>
public enum NetworkTraffic
{
    /// <summary>None of the others.</summary>
    Other,

    /// <summary>Messages between silos.</summary>
    Silo,

    /// <summary>Messages between clients and silos.</summary>
    Gateway,

    /// <summary>A region's Redis.</summary>
    Node,

    /// <summary>The clustering Redis.</summary>
    Clustering,

    /// <summary>PostgreSQL.</summary>
    Catalog,
}

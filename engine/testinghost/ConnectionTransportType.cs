namespace Orleans.TestingHost;

/// <summary>What carries the bytes between the hosts of a test cluster.</summary>
public enum ConnectionTransportType
{
    /// <summary>TCP on the loopback interface.</summary>
    TcpSocket = 0,

    /// <summary>Pipes within the process.</summary>
    InMemory = 1,

    /// <summary>Sockets of the local machine.</summary>
    UnixSocket = 2,
}

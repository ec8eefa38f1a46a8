using OrleansCache.Engine.Transport;

namespace OrleansCache.Engine.Routing;

/// <summary>A gateway that a client is connected to.</summary>
internal sealed class Gateway(Connection connection)
{
    private const int MostMissed = 2;

    public Connection Connection => connection;

    /// <summary>Whether the client's list names it still.</summary>
    public bool IsListed { get; set; } = true;

    /// <summary>How many probes in a row it has not answered.</summary>
    public int Missed { get; set; }

    /// <summary>Whether calls had better go through another one.</summary>
    public bool IsDoubtful => !IsListed || Missed >= MostMissed;
}

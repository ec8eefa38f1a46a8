namespace OrleansCache;

/// <summary>A node as operators and clients see it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Its address, without user and password.</param>
/// <param name="Weight">Its weight; see <see cref="IRegionRouterGrain.AddNodeAsync"/>.</param>
/// <param name="IsUp">Whether it is on the ring; a node that is down is probed until it serves reads again.</param>
/// <param name="Share">The fraction of the key space that belongs to it now, 0 to 1.</param>
/// <param name="State">Its state: up, degraded (on the ring, but a part of it is not used), or down.</param>
/// <param name="Reason">What is wrong with it, in the server's words where it has said something; null when nothing is.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.RingNode")]
public sealed record RingNode(
    [property: Id(0)] string Name,
    [property: Id(1)] string Address,
    [property: Id(2)] int Weight,
    [property: Id(3)] bool IsUp,
    [property: Id(4)] double Share,
    [property: Id(5)] NodeState State = NodeState.Up,
    [property: Id(6)] string? Reason = null);

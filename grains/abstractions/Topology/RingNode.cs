namespace OrleansCache;

/// <summary>What may be seen of a node.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Where it is, without user and password.</param>
/// <param name="Weight">Its weight; see <see cref="IRegionRouterGrain.AddNodeAsync"/>.</param>
/// <param name="IsUp">Whether it is on the ring; one that is down is tried until it is back.</param>
/// <param name="Share">The part of the key space that is its own now, 0 to 1.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.RingNode")]
public sealed record RingNode(
    [property: Id(0)] string Name,
    [property: Id(1)] string Address,
    [property: Id(2)] int Weight,
    [property: Id(3)] bool IsUp,
    [property: Id(4)] double Share);

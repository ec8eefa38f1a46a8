namespace OrleansCache;

/// <summary>The health of a silo.</summary>
/// <param name="Silo">Its name.</param>
/// <param name="Region">Its region.</param>
/// <param name="Ready">Whether it has received its region's ring from the router, and has asked all owners once.</param>
/// <param name="OwnerRoundTrip">The round trip between it and the region of the owners; null while that is not measured.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.SiloHealth")]
internal sealed record SiloHealth(
    [property: Id(0)] string Silo,
    [property: Id(1)] string Region,
    [property: Id(2)] bool Ready,
    [property: Id(3)] TimeSpan? OwnerRoundTrip = null);

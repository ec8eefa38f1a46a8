namespace OrleansCache;

/// <summary>What a silo holds for a key now.</summary>
/// <param name="Silo">The silo's name.</param>
/// <param name="Row">The row that it holds; null when it holds none, or did not respond.</param>
/// <param name="Lease">The rest of its lease; zero when the lease has expired or was revoked.</param>
/// <param name="TimeToLive">The rest of the entry's TTL.</param>
/// <param name="Clients">How many clients hold a near cache copy under its lease.</param>
/// <param name="Problem">Why it did not respond, or null.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.SiloCopy")]
public sealed record SiloInspection(
    [property: Id(0)] string Silo,
    [property: Id(1)] CachedRow? Row,
    [property: Id(2)] TimeSpan Lease = default,
    [property: Id(3)] TimeSpan TimeToLive = default,
    [property: Id(4)] int Clients = 0,
    [property: Id(5)] string? Problem = null);

namespace OrleansCache;

/// <summary>What a silo holds of a book now.</summary>
/// <param name="Silo">The silo's name.</param>
/// <param name="Row">What it holds; null when it holds nothing, or did not answer.</param>
/// <param name="Lease">How long it may still answer from that without a new lease; zero when the lease has ended or was revoked.</param>
/// <param name="TimeToLive">How long it keeps that at most.</param>
/// <param name="Clients">How many clients may answer from a copy of theirs under its lease.</param>
/// <param name="Problem">Why it did not answer, or null.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.SiloCopy")]
public sealed record SiloInspection(
    [property: Id(0)] string Silo,
    [property: Id(1)] CachedRow? Row,
    [property: Id(2)] TimeSpan Lease = default,
    [property: Id(3)] TimeSpan TimeToLive = default,
    [property: Id(4)] int Clients = 0,
    [property: Id(5)] string? Problem = null);

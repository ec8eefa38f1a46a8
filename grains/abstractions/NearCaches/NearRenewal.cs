namespace OrleansCache;

/// <summary>The answer of a silo to a client that renews its volume leases.</summary>
/// <param name="Generation">The client's generation at the silo.</param>
/// <param name="Stamps">For each slot the stamp of the silo's own volume lease; 0 while it has none.</param>
/// <param name="Leases">
/// For each slot how long the lease lasts, in milliseconds, counted from before the request; 0 when it is not renewed.
/// </param>
/// <param name="Number">The number of the answer.</param>
/// <param name="Drops">The keys to be dropped before the leases may be used.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.NearRenewal")]
internal sealed record NearRenewal(
    [property: Id(0)] long Generation,
    [property: Id(1)] long[] Stamps,
    [property: Id(2)] int[] Leases,
    [property: Id(3)] long Number,
    [property: Id(4)] string[] Drops);

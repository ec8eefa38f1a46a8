namespace OrleansCache;

/// <summary>A silo's request to have its volume lease on a slot renewed.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Generation">The generation that it has.</param>
/// <param name="Releases">The keys that it has not any more.</param>
/// <param name="WorkedOff">The number of the last answer whose keys it has dropped.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.VolumeRenewalRequest")]
internal readonly record struct VolumeRenewalRequest(
    [property: Id(0)] int Slot,
    [property: Id(1)] LeaseGeneration Generation,
    [property: Id(2)] Releases Releases,
    [property: Id(3)] long WorkedOff);

/// <summary>The answer of an owner.</summary>
/// <param name="Generation">
/// The generation of the lease. A later one than the silo has says that the owner knows nothing of what the silo holds.
/// </param>
/// <param name="Lease">How long the lease lasts, counted from before the request; zero when it is not renewed.</param>
/// <param name="Number">The number of the answer.</param>
/// <param name="Drops">The keys to be dropped before the lease may be used.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.VolumeRenewal")]
internal readonly record struct VolumeRenewal(
    [property: Id(0)] LeaseGeneration Generation,
    [property: Id(1)] TimeSpan Lease,
    [property: Id(2)] long Number,
    [property: Id(3)] string[] Drops);

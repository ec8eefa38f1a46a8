namespace OrleansCache;

/// <summary>The answer of a silo about a row that a client has.</summary>
/// <param name="IsHeld">Whether the silo has the row, too; otherwise the client has to look the book up.</param>
/// <param name="Generation">
/// The generation of the volume lease under which the client may use the row, since it is registered for it; none when the silo may not
/// use the row itself, or not yet.
/// </param>
/// <param name="Lease">How long that lease lasts, counted from before the request; zero when it gets no longer.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.NearConfirmation")]
internal readonly record struct NearConfirmation(
    [property: Id(0)] bool IsHeld, [property: Id(1)] LeaseGeneration Generation, [property: Id(2)] TimeSpan Lease);

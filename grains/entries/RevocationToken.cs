namespace OrleansCache.Entries;

/// <summary>
/// What a holder says of a revocation that it has carried out. It means something to that holder alone: with the new row it comes back
/// and tells whether another revocation came between, and from when the new lease counts.
/// </summary>
/// <param name="Epoch">The book's count of revocations, this one among them.</param>
/// <param name="At">The moment on the holder's clock, in milliseconds, from which it did not use the entry.</param>
/// <param name="HeldEntry">Whether it held an entry, so that the new row is of use to it.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.RevocationToken")]
public readonly record struct RevocationToken([property: Id(0)] long Epoch, [property: Id(1)] long At, [property: Id(2)] bool HeldEntry);

namespace OrleansCache;

/// <summary>What the catalog holds of a key.</summary>
/// <param name="Exists">Whether there is such a book.</param>
/// <param name="Identity">The version and the tag of its last edit, be it a removal; <see cref="RowVersion.None"/> if there was
/// none.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.CatalogInspection")]
public readonly record struct CatalogInspection([property: Id(0)] bool Exists, [property: Id(1)] RowVersion Identity);

namespace OrleansCache;

/// <summary>The result of an edit.</summary>
/// <param name="Outcome">What it did to the catalog.</param>
/// <param name="Identity">The identity that the edit gave the book; after a conflict the current one.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.EditResult")]
internal readonly record struct EditResult([property: Id(0)] EditOutcome Outcome, [property: Id(1)] RowVersion Identity);

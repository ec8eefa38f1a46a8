namespace OrleansCache;

/// <summary>What became of an edit.</summary>
/// <param name="Outcome">What it did.</param>
/// <param name="Identity">The identity that the book has by this edit; after a conflict the one that stood in its way.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.EditResult")]
public readonly record struct EditResult([property: Id(0)] EditOutcome Outcome, [property: Id(1)] RowVersion Identity);

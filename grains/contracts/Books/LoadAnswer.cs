namespace OrleansCache;

/// <summary>An owner's answer to a load.</summary>
/// <param name="Copy">The catalog's row; it may say that there is no book.</param>
/// <param name="FromMemory">Whether the owner still had the row from a read just before.</param>
/// <param name="Age">How long ago the catalog read that this rests on was started.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.LoadAnswer")]
public sealed record LoadAnswer(
    [property: Id(0)] BookCopy Copy,
    [property: Id(1)] bool FromMemory,
    [property: Id(2)] TimeSpan Age);

namespace OrleansCache;

/// <summary>A numbered message of a holder about keys that it has not any more.</summary>
/// <param name="Number">The number of the last such message, this one included; 0 before the first.</param>
/// <param name="Keys">The keys.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.Releases")]
internal readonly record struct Releases([property: Id(0)] long Number, [property: Id(1)] string[] Keys);

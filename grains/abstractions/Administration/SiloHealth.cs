namespace OrleansCache;

/// <summary>How a silo is.</summary>
/// <param name="Silo">Its name.</param>
/// <param name="Region">Its region.</param>
/// <param name="Ready">Whether it has its region's ring and answers lookups as it should.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.SiloHealth")]
public sealed record SiloHealth([property: Id(0)] string Silo, [property: Id(1)] string Region, [property: Id(2)] bool Ready);

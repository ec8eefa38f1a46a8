namespace OrleansCache.Client;

/// <summary>An answer that may be given, and by what right others may be given it, too.</summary>
/// <param name="Result">The result.</param>
/// <param name="Right">Whether and how long others may be answered from it.</param>
/// <param name="Version">The version that the catalog's row has, an absence's among them.</param>
internal sealed record Given(LookupResult Result, NearRight Right, long Version);

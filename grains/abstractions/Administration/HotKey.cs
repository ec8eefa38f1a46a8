using System.Collections.Immutable;

namespace OrleansCache;

/// <summary>A key that is looked up often at a silo.</summary>
/// <param name="Key">The key.</param>
/// <param name="Share">Its share of the lookups that reach the silo, 0 to 1, at least; the last seconds count most.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.HotKey")]
public readonly record struct HotKey([property: Id(0)] string Key, [property: Id(1)] double Share);

/// <summary>The keys that are looked up most at a silo.</summary>
/// <param name="Silo">The silo's name.</param>
/// <param name="Keys">The keys, the largest share first; none shortly after somebody has begun to ask.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.SiloHotKeys")]
public sealed record SiloHotKeys([property: Id(0)] string Silo, [property: Id(1)] ImmutableArray<HotKey> Keys);

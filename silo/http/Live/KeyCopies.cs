using System.Collections.Immutable;

namespace OrleansCache.Http;

/// <summary>Where a key is held, in every region. Durations are milliseconds, counted from <paramref name="At"/>.</summary>
/// <param name="Key">The key.</param>
/// <param name="At">When the regions were asked, in milliseconds since 1970.</param>
/// <param name="Catalog">What the catalog holds.</param>
/// <param name="Regions">The regions in the configured order.</param>
internal sealed record KeyCopies(string Key, long At, CatalogCopy Catalog, ImmutableArray<RegionCopies> Regions);

/// <summary>What the catalog holds of a key, as the key's owner reads it.</summary>
/// <param name="Exists">Whether there is such a book.</param>
/// <param name="Version">The version of the last edit, be it a removal; 0 if there was none.</param>
/// <param name="Tag">The tag of that version, as 32 hexadecimal digits.</param>
/// <param name="Problem">Why it is not known, or null.</param>
internal sealed record CatalogCopy(bool Exists, long Version, string? Tag, string? Problem = null);

/// <summary>Where a region holds a key.</summary>
/// <param name="Region">The region.</param>
/// <param name="Problem">Why it did not answer, or null.</param>
/// <param name="Node">The node that the key belongs to; null while it has none that is up.</param>
/// <param name="Copies">What is held: in the silos' memory, then in the node.</param>
internal sealed record RegionCopies(string Region, string? Problem, string? Node, ImmutableArray<KeyCopy> Copies);

/// <summary>What one place holds of a key.</summary>
/// <param name="Place">The name of the silo or node.</param>
/// <param name="IsNode">Whether it is a node.</param>
/// <param name="Holds">Whether it holds something.</param>
/// <param name="Exists">Whether what it holds is a book; else it is the knowledge that there is none.</param>
/// <param name="Version">The version that it holds.</param>
/// <param name="Tag">The tag of that version, as 32 hexadecimal digits.</param>
/// <param name="Title">The title of the book that it holds.</param>
/// <param name="Lease">The rest of a silo's lease; zero when it may not be used without asking the owner.</param>
/// <param name="TimeToLive">The rest of its time to live.</param>
/// <param name="Clients">How many clients hold a copy under a silo's lease.</param>
/// <param name="Problem">Why the place did not answer, or null.</param>
internal sealed record KeyCopy(
    string Place,
    bool IsNode,
    bool Holds,
    bool Exists = false,
    long Version = 0,
    string? Tag = null,
    string? Title = null,
    double Lease = 0,
    double TimeToLive = 0,
    int Clients = 0,
    string? Problem = null);

namespace OrleansCache.Placement;

/// <summary>
/// Names of silos: the region, a dot, and the name within the region, as in <c>europe.1</c>. The region is part of the name because
/// names are in the membership table: every silo knows them as soon as it knows the silo. Silo metadata, which would be the other place,
/// is fetched with a call that may fail.
/// </summary>
public static class SiloName
{
    /// <summary>The name of a silo.</summary>
    public static string Of(string region, string instance) => $"{region}.{instance}";

    /// <summary>The region in a silo's name, or null when there is none.</summary>
    public static string? RegionOf(string? name) =>
        name is not null && name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? name[..dot] : null;
}

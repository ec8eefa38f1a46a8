namespace OrleansCache.Placement;

/// <summary>
/// Names of silos: the region, a dot, and what tells it from the region's other silos, as in <c>europe.1</c>. The
/// name comes with the membership table and is known at once to every silo, which is why the region is in it.
/// </summary>
public static class SiloName
{
    /// <summary>The name of a silo.</summary>
    public static string Of(string region, string instance) => $"{region}.{instance}";

    /// <summary>The region that a silo's name tells, or null when it tells none.</summary>
    public static string? RegionOf(string? name) =>
        name is not null && name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? name[..dot] : null;
}

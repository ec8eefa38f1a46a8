namespace Orleans.Runtime.Placement;

/// <summary>What a placement director may know.</summary>
public interface IPlacementContext
{
    /// <summary>The silo that asks.</summary>
    SiloAddress LocalSilo { get; }

    /// <summary>The stage of its life.</summary>
    SiloStatus LocalSiloStatus { get; }

    /// <summary>The silos that can host the grain.</summary>
    /// <param name="target">The grain that needs an activation.</param>
    SiloAddress[] GetCompatibleSilos(PlacementTarget target);

    /// <summary>The silos that can host the grain, by the version of its interface.</summary>
    /// <param name="target">The grain that needs an activation.</param>
    IReadOnlyDictionary<ushort, SiloAddress[]> GetCompatibleSilosWithVersions(PlacementTarget target);
}

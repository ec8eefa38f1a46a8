namespace Orleans.Placement;

/// <summary>Says by which strategy silos are chosen for grains of a class.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public abstract class PlacementAttribute : Attribute
{
    /// <summary>Makes the attribute.</summary>
    /// <param name="placement">The strategy.</param>
    protected PlacementAttribute(PlacementStrategy placement) => PlacementStrategy = placement ?? throw new ArgumentNullException(nameof(placement));

    /// <summary>The strategy.</summary>
    public PlacementStrategy PlacementStrategy { get; }
}

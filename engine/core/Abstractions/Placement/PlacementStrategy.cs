namespace Orleans.Runtime;

/// <summary>How a silo is chosen for a new activation. The choice itself is made by the director registered for the strategy.</summary>
public abstract class PlacementStrategy
{
    /// <summary>True when the cluster keeps one activation of each grain.</summary>
    public virtual bool IsUsingGrainDirectory => true;
}

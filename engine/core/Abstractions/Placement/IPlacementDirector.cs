namespace Orleans.Runtime.Placement;

/// <summary>Chooses silos for new activations.</summary>
public interface IPlacementDirector
{
    /// <summary>The key of a caller's wish in the request's context.</summary>
    const string PlacementHintKey = nameof(PlacementHintKey);

    /// <summary>Chooses a silo.</summary>
    /// <param name="strategy">The strategy of the grain's class.</param>
    /// <param name="target">The grain that needs an activation.</param>
    /// <param name="context">The silos to choose from.</param>
    Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context);

    /// <summary>The silo that the caller wishes for, if that is one of those to choose from.</summary>
    /// <param name="requestContextData">The request's context.</param>
    /// <param name="compatibleSilos">The silos to choose from.</param>
    static SiloAddress? GetPlacementHint(Dictionary<string, object> requestContextData, SiloAddress[] compatibleSilos)
    {
        if (requestContextData is null || !requestContextData.TryGetValue(PlacementHintKey, out var wish)) return null;
        return wish is SiloAddress silo && Array.IndexOf(compatibleSilos, silo) >= 0 ? silo : null;
    }
}

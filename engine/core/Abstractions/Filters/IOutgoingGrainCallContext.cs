namespace Orleans;

/// <summary>A call that code of this host makes.</summary>
public interface IOutgoingGrainCallContext : IGrainCallContext
{
    /// <summary>The activation that calls; null when no grain does.</summary>
    IGrainContext? SourceContext { get; }
}

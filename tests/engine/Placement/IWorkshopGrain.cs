namespace OrleansCache.Engine.Tests.Placement;

/// <summary>A grain that every silo has for itself.</summary>
[Alias("OrleansCache.Engine.Tests.IWorkshopGrain")]
public interface IWorkshopGrain : IGrainWithStringKey
{
    /// <summary>The name of its silo.</summary>
    [Alias("Silo")]
    Task<string> Silo();

    /// <summary>Which of the grain's activations this is.</summary>
    [Alias("Activation")]
    Task<Guid> Activation();
}

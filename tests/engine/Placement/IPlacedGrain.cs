namespace OrleansCache.Engine.Tests.Placement;

/// <summary>A grain that says where it is.</summary>
[Alias("OrleansCache.Engine.Tests.IPlacedGrain")]
public interface IPlacedGrain : IGrainWithStringKey
{
    /// <summary>The name of its silo.</summary>
    [Alias("Silo")]
    Task<string> Silo();
}

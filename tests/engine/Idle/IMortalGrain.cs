namespace OrleansCache.Engine.Tests.Idle;

/// <summary>The same on a class without an attribute.</summary>
[Alias("OrleansCache.Engine.Tests.IMortalGrain")]
public interface IMortalGrain : ILodgerGrain;

namespace OrleansCache.Engine.Tests.Idle;

/// <summary>The same on a class that is never collected.</summary>
[Alias("OrleansCache.Engine.Tests.IResidentGrain")]
public interface IResidentGrain : ILodgerGrain;

namespace OrleansCache.Engine.Tests.Turns;

/// <summary>The same on a class without an attribute.</summary>
[Alias("OrleansCache.Engine.Tests.IOrderlyTurnsGrain")]
public interface IOrderlyTurnsGrain : ITurnsGrain;

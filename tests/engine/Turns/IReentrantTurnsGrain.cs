namespace OrleansCache.Engine.Tests.Turns;

/// <summary>The same on a reentrant class.</summary>
[Alias("OrleansCache.Engine.Tests.IReentrantTurnsGrain")]
public interface IReentrantTurnsGrain : ITurnsGrain;

using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Turns;

/// <summary>One call at a time.</summary>
public sealed class OrderlyTurnsGrain(StageDoor door) : TurnsGrainBase(door), IOrderlyTurnsGrain;

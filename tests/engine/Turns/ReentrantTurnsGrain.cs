using Orleans.Concurrency;
using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Turns;

/// <summary>Every call may come in between.</summary>
[Reentrant]
public sealed class ReentrantTurnsGrain(StageDoor door) : TurnsGrainBase(door), IReentrantTurnsGrain;

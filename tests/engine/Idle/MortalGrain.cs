using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Idle;

/// <summary>A grain that is collected when nobody calls it.</summary>
public sealed class MortalGrain(StageDoor door) : LodgerGrainBase(door), IMortalGrain;

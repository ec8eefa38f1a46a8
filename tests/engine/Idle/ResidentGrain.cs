using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Idle;

/// <summary>A grain that stays.</summary>
[KeepAlive]
public sealed class ResidentGrain(StageDoor door) : LodgerGrainBase(door), IResidentGrain;

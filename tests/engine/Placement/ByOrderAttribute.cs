using Orleans.Placement;

namespace OrleansCache.Engine.Tests.Placement;

/// <summary>Places a grain as <see cref="ByOrder"/> says.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ByOrderAttribute() : PlacementAttribute(new ByOrder());

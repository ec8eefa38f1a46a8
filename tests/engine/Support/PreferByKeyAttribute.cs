using Orleans.Placement;

namespace OrleansCache.Engine.Tests.Support;

/// <summary>Places a grain as <see cref="PreferByKey"/> says.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PreferByKeyAttribute() : PlacementAttribute(new PreferByKey());

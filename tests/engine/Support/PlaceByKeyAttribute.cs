using Orleans.Placement;

namespace OrleansCache.Engine.Tests.Support;

/// <summary>Places a grain as <see cref="PlaceByKey"/> says.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PlaceByKeyAttribute() : PlacementAttribute(new PlaceByKey());

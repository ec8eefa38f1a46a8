using System.Collections.Immutable;
using OrleansCache.Redis;

namespace OrleansCache.Catalogs;

/// <summary>The nodes of a region as changed by operators.</summary>
/// <param name="Version">The number of changes so far, from 1.</param>
/// <param name="Nodes">The nodes.</param>
public sealed record StoredTopology(long Version, ImmutableArray<NodeDefinition> Nodes);

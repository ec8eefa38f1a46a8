using System.Collections.Immutable;
using OrleansCache.Redis;

namespace OrleansCache.Catalogs;

/// <summary>A region's nodes as an operator left them.</summary>
/// <param name="Version">Counts the operators' changes, from 1.</param>
/// <param name="Nodes">The nodes.</param>
public sealed record StoredTopology(long Version, ImmutableArray<NodeDefinition> Nodes);

using System.Collections.Immutable;

namespace OrleansCache.Client;

/// <summary>How a client reaches a region.</summary>
/// <param name="Region">The region.</param>
/// <param name="Gateways">The gateways that are known now, as <c>host:port</c>, one for each silo; none before they have been found.</param>
/// <param name="IsConnected">Whether the region's client is connected; it reconnects by itself, and is replaced when it has lost sight of all silos.</param>
/// <param name="Problem">Why the region is not connected, or null.</param>
public sealed record RegionConnection(string Region, ImmutableArray<string> Gateways, bool IsConnected, string? Problem);

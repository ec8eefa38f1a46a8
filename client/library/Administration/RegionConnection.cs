using System.Collections.Immutable;

namespace OrleansCache.Client;

/// <summary>The state of a client's connection to a region.</summary>
/// <param name="Region">The region.</param>
/// <param name="Gateways">The known gateways as <c>host:port</c>, one for each silo; empty before they have been found.</param>
/// <param name="IsConnected">Whether the region's client is connected; it reconnects by itself.</param>
/// <param name="Problem">Why the region is not connected, or null.</param>
public sealed record RegionConnection(string Region, ImmutableArray<string> Gateways, bool IsConnected, string? Problem);

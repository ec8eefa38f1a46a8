namespace OrleansCache.Engine.Membership;

/// <summary>Restricts a client to the gateways of some silos.</summary>
/// <param name="Accepts">Whether the client may enter through the silo of this name.</param>
internal sealed record GatewayFilter(Func<string, bool> Accepts);

namespace OrleansCache.Client;

/// <summary>Where copies came from; one for all that came from there, so that a copy stays small.</summary>
/// <param name="Silo">The silo that gave them under a lease.</param>
/// <param name="Node">The node of its region that they belong to.</param>
internal sealed record NearOrigin(NearSilo Silo, string? Node);

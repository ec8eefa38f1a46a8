namespace OrleansCache.Placement;

/// <summary>A silo that is part of the cluster now.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Name">Its name.</param>
/// <param name="Region">Its region.</param>
public sealed record RegionalSilo(SiloAddress Address, string Name, string Region);

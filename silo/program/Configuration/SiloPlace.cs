using System.Net;

namespace OrleansCache.Silo.Configuration;

/// <summary>Where a silo is, with names looked up.</summary>
/// <param name="Address">The address by which others reach it.</param>
/// <param name="Primary">The silo port of the first silo, or null when this is the first one, or Redis tells the silos of each other.</param>
internal sealed record SiloPlace(IPAddress Address, IPEndPoint? Primary);

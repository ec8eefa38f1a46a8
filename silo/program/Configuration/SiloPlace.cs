using System.Net;

namespace OrleansCache.Silo.Configuration;

/// <summary>The addresses of a silo and of the first silo, with host names resolved.</summary>
/// <param name="Address">The address by which others reach it.</param>
/// <param name="Primary">The silo port of the first silo; null when this is the first one, or when silos find each other in Redis.</param>
internal sealed record SiloPlace(IPAddress Address, IPEndPoint? Primary);

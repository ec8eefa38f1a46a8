using System.Text.Json.Serialization;

namespace OrleansCache.Http;

/// <summary>Whether a silo can serve requests, and why not.</summary>
/// <param name="Status"><c>healthy</c> or <c>unhealthy</c>.</param>
/// <param name="Silo">The silo's name.</param>
/// <param name="Checks">What was checked.</param>
internal sealed record ReadinessDocument(string Status, string? Silo = null, ReadinessChecks? Checks = null)
{
    public const string Healthy = "healthy";

    [JsonIgnore]
    public bool IsHealthy => Status == Healthy;

    public static ReadinessDocument Of(ILocalSilo silo)
    {
        var checks = new ReadinessChecks(silo.IsJoined, silo.HasRing, silo.HasSource, silo.IsStopping);
        var isReady = checks is { Joined: true, Ring: true, Source: true, Stopping: false };
        return new(isReady ? Healthy : "unhealthy", silo.Name, checks);
    }
}

/// <summary>What makes a silo ready.</summary>
/// <param name="Joined">It is an active member of the cluster.</param>
/// <param name="Ring">It knows its region's ring and the owners.</param>
/// <param name="Source">A node of its region or the catalog can be used.</param>
/// <param name="Stopping">It has been told to stop.</param>
internal sealed record ReadinessChecks(bool Joined, bool Ring, bool Source, bool Stopping);

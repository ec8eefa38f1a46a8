using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OrleansCache.Client;

/// <summary>
/// Whether lookups of an application have an answer: its region is connected, or else another one, which is farther away. Sends nothing:
/// the client itself watches its connections.
/// </summary>
internal sealed class BookCacheHealthCheck(ICacheOperations operations, RegionMap regions, string? region) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var connections = (region is null ? regions.Names : regions.OrderFrom(region)).Select(operations.ConnectionOf).ToArray();
        var data = connections.ToDictionary(
            connection => connection.Region,
            connection => (object)(connection.Problem ?? (connection.IsConnected ? "connected" : "not yet")));
        var connected = connections.FirstOrDefault(connection => connection.IsConnected);
        return Task.FromResult(
            connected is null ? new HealthCheckResult(context.Registration.FailureStatus, "No region is connected.", null, data)
            : region is null || connected.Region == region ? HealthCheckResult.Healthy($"{connected.Region} is connected.", data)
            : HealthCheckResult.Degraded($"{region} is not connected; {connected.Region} answers instead.", null, data));
    }
}

using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrleansCache.Client;

namespace OrleansCache.Http.Tests.Health;

/// <summary>The health check of an application.</summary>
public sealed class BookCacheHealthCheckTests
{
    [Theory]
    [InlineData("asia", "europe asia", HealthStatus.Healthy)]
    [InlineData("asia", "asia", HealthStatus.Healthy)]
    [InlineData("asia", "europe", HealthStatus.Degraded)]
    [InlineData("asia", "", HealthStatus.Unhealthy)]
    [InlineData(null, "asia", HealthStatus.Healthy)]
    [InlineData(null, "", HealthStatus.Unhealthy)]
    public async Task The_regions_that_are_connected_say_how_it_is(string? region, string connected, HealthStatus status)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(new RegionMap([new("europe"), new("asia")], "europe"));
        services.AddSingleton(Connections.Of(connected));
        services.AddHealthChecks().AddBookCache(region);
        await using var provider = services.BuildServiceProvider();

        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        var (name, entry) = Assert.Single(report.Entries);
        Assert.Equal("orleanscache", name);
        Assert.Equal(status, entry.Status);
        Assert.Equal(connected.Contains("asia", StringComparison.Ordinal) ? "connected" : "lost", entry.Data["asia"]);
    }

    [Fact]
    public async Task A_region_that_there_is_not_is_unhealthy()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(new RegionMap([new("europe")], "europe"));
        services.AddSingleton(Connections.Of("europe"));
        services.AddHealthChecks().AddBookCache("mars");
        await using var provider = services.BuildServiceProvider();

        Assert.Equal(HealthStatus.Unhealthy, (await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status);
    }

    /// <summary>Operations that know connections alone.</summary>
    public class Connections : DispatchProxy
    {
        private string _connected = "";

        public static ICacheOperations Of(string connected)
        {
            var operations = Create<ICacheOperations, Connections>();
            ((Connections)operations)._connected = connected;
            return operations;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var region = (string)args![0]!;
            var isConnected = _connected.Contains(region, StringComparison.Ordinal);
            return new RegionConnection(region, [], isConnected, isConnected ? null : "lost");
        }
    }
}

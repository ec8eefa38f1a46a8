using Microsoft.Extensions.Configuration;
using OrleansCache.Client;
using OrleansCache.LocalClusters;

namespace OrleansCache.Cli.Sessions;

/// <summary>A session on a cluster that runs already.</summary>
internal sealed class RunningSessionSource(Func<ClusterPlace> configure) : ISessionSource
{
    private RunningSession? _session;

    public LocalClusterOptions? OwnCluster => null;

    public ISession? Current => _session;

    public async Task<ISession> GetAsync(Action<string> notice, CancellationToken cancellation)
    {
        if (_session is not null)
            return _session;
        var place = configure();
        var settings = ClusterSettings.Read(place, new ConfigurationBuilder().AddEnvironmentVariables().Build(), AppContext.BaseDirectory);
        var session = await RunningSession.StartAsync(settings, place.LogLevel, cancellation).ConfigureAwait(false);
        var silent = session.Connections.Where(connection => !connection.IsConnected).ToArray();
        if (silent.Length == session.Regions.Names.Length)
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw new SessionException(
                ExitCode.Unavailable,
                $"No silo of the cluster that {settings.Source} names answers ({string.Join("; ", silent.Select(connection => $"{connection.Region}{Through(connection)}: {connection.Problem}"))}). ./run cluster starts one; --redis, --gateway or --config names another.");
        }

        notice($"{ProgramVersion.Description}; the running cluster that {settings.Source} names; regions {string.Join(", ", session.Regions.Names)}");
        foreach (var connection in silent)
            notice($"{connection.Region} cannot be reached now: {connection.Problem}");
        return _session = session;
    }

    private static string Through(RegionConnection connection) => connection.Gateways.IsEmpty ? "" : $" through {string.Join(", ", connection.Gateways)}";

    public async ValueTask DisposeAsync()
    {
        if (_session is { } session)
            await session.DisposeAsync().ConfigureAwait(false);
        _session = null;
    }
}

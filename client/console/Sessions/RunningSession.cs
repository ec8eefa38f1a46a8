using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansCache.Client;
using OrleansCache.LocalClusters;

namespace OrleansCache.Cli.Sessions;

/// <summary>Connects to a running cluster.</summary>
internal sealed class RunningSessionSource(Func<ClusterLocation> configure) : ISessionSource
{
    private static readonly TimeSpan ConnectPoll = TimeSpan.FromMilliseconds(50);

    private RunningSession? _session;

    public LocalClusterOptions? OwnCluster => null;

    public ISession? Current => _session;

    public async Task<ISession> GetAsync(Action<string> notice, CancellationToken cancellation)
    {
        if (_session is not null)
            return _session;
        var location = configure();
        var environment = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        var settings = RunningClusterConfiguration.Read(location, environment, AppContext.BaseDirectory);
        var session = await RunningSession.StartAsync(settings, location.LogLevel, cancellation).ConfigureAwait(false);
        await AwaitFirstTriesAsync(session, cancellation).ConfigureAwait(false);
        var silent = session.Connections.Where(connection => !connection.IsConnected).ToArray();
        if (silent.Length == session.Regions.Names.Length)
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw new SessionException(
                ConsoleExitCode.Unavailable,
                $"No silo of the cluster of {settings.Source} answers ({string.Join("; ", silent.Select(Describe))}). "
                + "./run cluster starts one; --redis, --gateway or --config selects another.");
        }

        var regions = string.Join(", ", session.Regions.Names);
        notice($"{ProgramVersion.Description}; the running cluster of {settings.Source}; regions {regions}");
        foreach (var connection in silent)
            notice($"{connection.Region} cannot be reached now: {connection.Problem}");
        return _session = session;
    }

    public async ValueTask DisposeAsync()
    {
        if (_session is { } session)
            await session.DisposeAsync().ConfigureAwait(false);
        _session = null;
    }

    /// <summary>
    /// Waits until a region is connected, or all have been tried in vain: on a busy machine that takes longer than a lookup may.
    /// </summary>
    private static async Task AwaitFirstTriesAsync(RunningSession session, CancellationToken cancellation)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (session.Connections.All(connection => !connection.IsConnected)
            && session.Connections.Any(connection => !connection.IsTried)
            && TimeProvider.System.GetElapsedTime(began) < session.ConnectDeadline)
            await Task.Delay(ConnectPoll, TimeProvider.System, cancellation).ConfigureAwait(false);
    }

    private static string Describe(RegionConnection connection)
    {
        var through = connection.Gateways.IsEmpty ? "" : $" through {string.Join(", ", connection.Gateways)}";
        return $"{connection.Region}{through}: {connection.Problem}";
    }
}

/// <summary>A client of a running cluster.</summary>
internal sealed class RunningSession : ISession
{
    private readonly IHost _client;

    private RunningSession(IHost client)
    {
        _client = client;
        Cache = client.Services.GetRequiredService<IBookCache>();
        Operations = client.Services.GetRequiredService<ICacheOperations>();
        Regions = client.Services.GetRequiredService<RegionMap>();
    }

    public IBookCache Cache { get; }

    public ICacheOperations Operations { get; }

    public RegionMap Regions { get; }

    /// <summary>See <see cref="CacheClientOptions.ConnectDeadline"/>.</summary>
    public TimeSpan ConnectDeadline => _client.Services.GetRequiredService<IOptions<CacheClientOptions>>().Value.ConnectDeadline;

    /// <summary>The connections to the regions.</summary>
    public IEnumerable<RegionConnection> Connections => Regions.Names.Select(Operations.ConnectionOf);

    /// <summary>Connects to the regions.</summary>
    /// <exception cref="SessionException">The settings cannot be used.</exception>
    public static async Task<RunningSession> StartAsync(
        RunningClusterConfiguration settings, LogLevel logLevel, CancellationToken cancellation)
    {
        var client = Build(settings, logLevel);
        try
        {
            await client.StartAsync(cancellation).ConfigureAwait(false);
            return new(client);
        }
        catch (Exception error)
        {
            await DisposeAsync(client).ConfigureAwait(false);
            if (error is not OptionsValidationException invalid)
                throw;
            throw new SessionException(
                ConsoleExitCode.BadUsage, $"The settings of {settings.Source} cannot be used. {string.Join(" ", invalid.Failures)}", error);
        }
    }

    /// <summary>None: only the catalog can list keys, and clients do not connect to it.</summary>
    public Task<IReadOnlyList<string>> KeysAsync(string prefix, int limit, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    public string ConnectionOf(string region, string typed) => typed != LocalCluster.OwnServer
        ? typed
        : throw new InvalidTopologyException(
            $"\"{typed}\" is a server of a cluster in this process; on a running cluster give a Redis connection string, "
            + "such as 127.0.0.1:6379.");

    public ValueTask DisposeAsync() => DisposeAsync(_client);

    private static IHost Build(RunningClusterConfiguration settings, LogLevel logLevel)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(logLevel);
        if (logLevel is not LogLevel.None)
            builder.Logging.AddStandardError();
        builder.Services.AddBookCache(options =>
        {
            // This process has just started and is compiled just in time. The settings may override these.
            options.AttemptBudget = TimeSpan.FromSeconds(1);
            options.Deadline = TimeSpan.FromSeconds(4);
            // The console shows what the cluster does; a near cache would hide it.
            options.NearCacheBytes = 0;
            settings.ApplyTo(options);
        });
        return builder.Build();
    }

    private static ValueTask DisposeAsync(IHost host) =>
        host is IAsyncDisposable disposable ? disposable.DisposeAsync() : ValueTask.CompletedTask;
}

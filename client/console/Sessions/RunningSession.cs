using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansCache.Client;
using OrleansCache.LocalClusters;

namespace OrleansCache.Cli.Sessions;

/// <summary>A client of a cluster that runs already.</summary>
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

    /// <summary>How the regions are reached.</summary>
    public IEnumerable<RegionConnection> Connections => Regions.Names.Select(Operations.ConnectionOf);

    /// <summary>Connects to the regions.</summary>
    /// <exception cref="SessionException">The settings cannot be used.</exception>
    public static async Task<RunningSession> StartAsync(ClusterSettings settings, LogLevel logLevel, CancellationToken cancellation)
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
            if (error is OptionsValidationException invalid)
                throw new SessionException(ExitCode.BadUsage, $"The settings of {settings.Source} cannot be used. {string.Join(" ", invalid.Failures)}", error);
            throw;
        }
    }

    /// <summary>Only the catalog could list keys, and a client does not reach it.</summary>
    public Task<IReadOnlyList<string>> KeysAsync(string prefix, int limit, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<string>>([]);

    public string ConnectionOf(string region, string typed) => typed != LocalCluster.OwnServer
        ? typed
        : throw new InvalidTopologyException($"\"{typed}\" stands for a server of a cluster in this process; on a running cluster give a Redis connection string, such as 127.0.0.1:6379.");

    public ValueTask DisposeAsync() => DisposeAsync(_client);

    private static IHost Build(ClusterSettings settings, LogLevel logLevel)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(logLevel);
        if (logLevel is not LogLevel.None)
            builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddBookCache(options =>
        {
            // This process has just started and compiles its code as it first runs; the settings may say otherwise.
            options.AttemptBudget = TimeSpan.FromSeconds(1);
            options.Deadline = TimeSpan.FromSeconds(4);
            // What the console shows is what the cluster does; answers from its own memory would hide that.
            options.NearCacheBytes = 0;
            settings.ApplyTo(options);
        });
        return builder.Build();
    }

    private static ValueTask DisposeAsync(IHost host) =>
        host is IAsyncDisposable disposable ? disposable.DisposeAsync() : ValueTask.CompletedTask;
}

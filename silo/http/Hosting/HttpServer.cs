using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansCache.Client;

namespace OrleansCache.Http;

/// <summary>
/// The HTTP server of a silo: a web application with services of its own, which enters the cluster as a client with a near cache, at the
/// first request that needs it. Once it listens, an error of its own ends no silo.
/// </summary>
/// <param name="options">Its settings.</param>
/// <param name="silo">The silo in whose process it runs.</param>
/// <param name="logger">Its log.</param>
/// <param name="services">Adds to its services, before those of the cache; for tests.</param>
internal sealed partial class HttpServer(
    HttpOptions options, ILocalSilo silo, ILogger<HttpServer> logger, Action<IServiceCollection>? services = null) : IHostedService
{
    /// <summary>
    /// How long requests in flight may take when the silo stops. The silo's own time to shut down includes it, and is for its hand-over.
    /// </summary>
    private static readonly TimeSpan Shutdown = TimeSpan.FromSeconds(1);

    private WebApplication? _app;

    /// <summary>Where it listens; empty before it has started.</summary>
    public IReadOnlyCollection<string> Addresses => _app?.Urls.ToArray() ?? [];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.IsOn)
            return;
        try
        {
            _app = Build();
            await _app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException error)
        {
            var where = options.Socket.Length > 0 ? options.Socket : $"{options.Address}:{options.Port}";
            throw new HttpServerException(
                $"The HTTP server cannot listen on {where}: {error.GetBaseException().Message.TrimEnd('.')}. Set OrleansCache:Http:Port to "
                + "another port, or to 0 for none.",
                error);
        }

        LogListens(silo.Name, string.Join(", ", Addresses));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _app, null) is not { } app)
            return;
        await app.StopAsync(cancellationToken).ConfigureAwait(false);
        await app.DisposeAsync().ConfigureAwait(false);
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = typeof(HttpServer).Assembly.GetName().Name });
        builder.Services.AddSingleton(silo.Logging);
        builder.Services.AddSingleton(silo);
        builder.Services.AddSingleton(options);
        // Ctrl-C and SIGTERM are the silo's, which stops this server in its turn.
        builder.Services.AddSingleton<IHostLifetime, NestedLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Shutdown);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(Listen);
        services?.Invoke(builder.Services);
        builder.Services.AddBookCache(client =>
        {
            silo.ConfigureClient(client);
            client.ConnectAtStart = false;
        });
        HttpPipeline.AddServices(builder, options, silo);
        var app = builder.Build();
        HttpPipeline.Map(app, options);
        return app;
    }

    private void Listen(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxRequestHeadersTotalSize = 16 * 1024;
        limits.MaxRequestLineSize = 8 * 1024;
        // Routes that take more say so.
        limits.MaxRequestBodySize = 72 * 1024;
        limits.MinRequestBodyDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        if (options.Socket.Length > 0)
        {
            // What a killed process has left would keep the socket from being made.
            File.Delete(options.Socket);
            kestrel.ListenUnixSocket(options.Socket);
        }
        else
        {
            kestrel.Listen(IPAddress.Parse(options.Address), options.Port);
        }
    }

    [LoggerMessage(EventId = 2000, Level = LogLevel.Information, Message = "{Silo} answers HTTP on {Addresses}")]
    private partial void LogListens(string silo, string addresses);
}

/// <summary>The HTTP server could not start; the message says why, and what to do.</summary>
internal sealed class HttpServerException(string message, Exception cause) : Exception(message, cause);

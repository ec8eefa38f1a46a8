using System.Collections.Frozen;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansCache.Cli.Sessions;
using OrleansCache.Http;
using OrleansCache.LocalClusters;

namespace OrleansCache.Cli.Cluster;

/// <summary>
/// The one address of a local cluster's page and HTTP API, on a loopback port: it passes requests on to a silo that answers, and itself
/// answers those of the panel that breaks things.
/// </summary>
internal sealed class ClusterFront : IAsyncDisposable
{
    /// <summary>The port when none is asked for.</summary>
    public const int DefaultPort = 8080;

    // So many ports above the default one are tried.
    private const int PortsTried = 50;

    private readonly WebApplication _app;
    private readonly SiloForwarder _forwarder;
    private readonly Breakage _breakage;

    private ClusterFront(WebApplication app, SiloForwarder forwarder, Breakage breakage, int port) =>
        (_app, _forwarder, _breakage, Port) = (app, forwarder, breakage, port);

    /// <summary>The port.</summary>
    public int Port { get; }

    /// <summary>The address of the page.</summary>
    public string Address => $"http://127.0.0.1:{Port}/";

    /// <summary>Starts it.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="network">The network with distance, or null.</param>
    /// <param name="off">Takes the processes that are ended from the page.</param>
    /// <param name="port">The port; null for the default one or the next one that is free.</param>
    /// <param name="cancellation">Cancels the start.</param>
    /// <exception cref="SessionException">The port is in use.</exception>
    public static async Task<ClusterFront> StartAsync(
        ProcessCluster cluster, DistantNetwork? network, SwitchedOff off, int? port, CancellationToken cancellation)
    {
        for (var tried = port ?? DefaultPort; ; tried++)
        {
            var breakage = new Breakage(cluster, network, off, TimeProvider.System);
            var forwarder = new SiloForwarder(cluster, breakage);
            var app = Build(breakage, forwarder, tried);
            try
            {
                await app.StartAsync(cancellation).ConfigureAwait(false);
                return new(app, forwarder, breakage, tried);
            }
            catch (IOException error) when (error.GetBaseException() is SocketException or AddressInUseException)
            {
                await app.DisposeAsync().ConfigureAwait(false);
                forwarder.Dispose();
                await breakage.DisposeAsync().ConfigureAwait(false);
                if (port is null && tried < DefaultPort + PortsTried)
                    continue;
                throw new SessionException(
                    ConsoleExitCode.Conflict,
                    $"The port {tried} is in use. Give another one with --http, or --http 0 for no page.",
                    error);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        _forwarder.Dispose();
        await _breakage.DisposeAsync().ConfigureAwait(false);
    }

    private static WebApplication Build(Breakage breakage, SiloForwarder forwarder, int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = typeof(ClusterFront).Assembly.GetName().Name });
        builder.Services.AddRouting();
        builder.Services.AddSingleton<IHostLifetime, NestedLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        var app = builder.Build();
        app.Use(RefuseStrangersAsync);
        app.UseRouting();
        BreakRoutes.Map(app, breakage);
        app.MapFallback("{**path}", forwarder.ForwardAsync);
        return app;
    }

    /// <summary>
    /// Another page in the browser must not use this one: neither under a name of its own that it has pointed at this machine, nor by
    /// requests from its own address that change something.
    /// </summary>
    private static Task RefuseStrangersAsync(HttpContext context, RequestDelegate next)
    {
        if (!WebOrigin.IsThisMachine(context.Request.Host))
            return RefuseAsync(context, $"This server is 127.0.0.1, and not \"{context.Request.Host.Host}\".");
        return WebOrigin.IsForeignChange(context.Request, FrozenSet<string>.Empty)
            ? RefuseAsync(context, "A page of another origin cannot change anything here.")
            : next(context);
    }

    private static Task RefuseAsync(HttpContext context, string why) =>
        TypedResults.Problem(why, statusCode: 403, title: "Refused").ExecuteAsync(context);
}

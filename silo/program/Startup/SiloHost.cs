using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using OrleansCache.Catalogs;
using OrleansCache.Configuration;
using OrleansCache.Http;
using OrleansCache.Silo.Clustering;
using OrleansCache.Silo.Configuration;
using OrleansCache.Silo.Http;
using OrleansCache.Topology;

namespace OrleansCache.Silo.Startup;

/// <summary>Builds the host of a silo process.</summary>
internal static class SiloHost
{
    /// <param name="args">The command line; see <see cref="SiloArguments"/>.</param>
    /// <param name="services">Adds to the services, before those of the cache; for tests.</param>
    /// <param name="cancellation">Cancels the resolution of host names.</param>
    /// <exception cref="SettingsException">The arguments or settings are invalid.</exception>
    public static async Task<IHost> BuildAsync(
        string[] args, Action<IServiceCollection, IConfiguration>? services, CancellationToken cancellation)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new() { ApplicationName = "orleanscache-silo" });
        builder.Configuration.AddSiloSettings(args, SiloArguments.SiloSwitches);
        var options = SiloHostOptions.Read(builder.Configuration);
        var place = new SiloPlace(
            await ResolveAsync("Silo:Address", options.Silo.Address, cancellation).ConfigureAwait(false),
            HostAddress.TryParse(options.Clustering.Primary, out var primary)
                ? new(await ResolveAsync("Clustering:Primary", primary.Host, cancellation).ConfigureAwait(false), primary.Port)
                : null);
        AddLogging(builder.Logging, builder.Configuration);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = SiloTimeouts.Shutdown);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(place);
        builder.Services.AddHostedService<Preconditions>();
        services?.Invoke(builder.Services, builder.Configuration);
        builder.UseOrleans(silo =>
        {
            silo.Join(options, place);
            silo.AddOrleansCache(options);
            silo.Services.AddSingleton<IFatalErrorHandler, ClusterDeath>();
            silo.Services.AddSingleton<HandOver>();
            silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<HandOver>());
        });
        builder.Services.AddHostedService<MembershipLog>();
        builder.Services.AddSingleton(options.Http);
        builder.Services.AddSingleton<ILocalSilo, LocalSilo>();
        builder.Services.AddHostedService<HttpServer>();
        return builder.Build();
    }

    /// <summary>One line per event on standard error; the configuration section <c>Logging</c> changes the levels.</summary>
    private static void AddLogging(ILoggingBuilder logging, IConfiguration configuration)
    {
        logging.SetMinimumLevel(LogLevel.Warning);
        logging.AddFilter("OrleansCache", LogLevel.Information);
        // Orleans warns of the workstation garbage collector, which keeps a silo small,
        logging.AddFilter("Orleans.Runtime.Silo", LogLevel.Error);
        // and at each start that its watchdog has not run yet.
        logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        // The program itself logs why the host could not start, without a stack trace.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        logging.AddConfiguration(configuration.GetSection("Logging"));
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    private static async Task<IPAddress> ResolveAsync(string setting, string host, CancellationToken cancellation)
    {
        try
        {
            return (await HostAddress.LookUpAsync(host, cancellation).ConfigureAwait(false))[0];
        }
        catch (SocketException error)
        {
            throw new SettingsException(
                $"{CacheOptions.Section}:{setting} is {host}, which cannot be resolved ({error.Message}); "
                + "give an address, or a name that is known here.");
        }
    }
}

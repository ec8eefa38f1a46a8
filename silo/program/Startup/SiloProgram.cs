using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansCache.Silo.Configuration;
using OrleansCache.Topology;

namespace OrleansCache.Silo.Startup;

/// <summary>One silo in a process of its own, from its start until it is told to stop or the cluster declares it dead.</summary>
internal sealed partial class SiloProgram(TextWriter output, TextWriter error, Action<IServiceCollection, IConfiguration>? services)
{
    // The silo has this long to hand over. What is then left of the ten seconds is for an engine that does not heed the end of this
    // patience, for closing what it used, and for the end of the process on a busy machine.
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan ClosePatience = TimeSpan.FromMilliseconds(750);
    private static readonly string OutOfPatience = $"it was not done within {StopPatience.TotalSeconds:0} s.";

    /// <summary>Runs the silo.</summary>
    /// <returns>The <see cref="ExitCode"/>.</returns>
    /// <exception cref="SettingsException">The settings cannot be used.</exception>
    public async Task<int> RunAsync(IConfiguration configuration)
    {
        var settings = HostSettingsReader.Read(configuration);
        using var signals = new StopSignals();
        var death = new DeathNotice(error);
        var host = await SiloHost.BuildAsync(configuration, settings, death, services, signals.Asked).ConfigureAwait(false);
        var logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("OrleansCache.Silo");
        var isReady = false;
        try
        {
            await StartAsync(host, settings, signals.Asked).ConfigureAwait(false);
            isReady = true;
            await output.WriteLineAsync($"ready {settings.Silo.Name} silo={settings.Silo.Address}:{settings.Silo.SiloPort} gateway={settings.Silo.Address}:{settings.Silo.GatewayPort}").ConfigureAwait(false);
            await output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            await WaitForEndAsync(host, signals.Asked).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (signals.Asked.IsCancellationRequested)
        {
            // Told to stop before it was ready; what has been started is stopped below.
        }
        catch (Exception failure)
        {
            LogNotStarted(logger, settings.Silo.Name, failure.Message);
            await CloseAsync(host).ConfigureAwait(false);
            return ExitCode.Failed;
        }

        LogStopping(logger, settings.Silo.Name);
        var problem = await StopAsync(host).ConfigureAwait(false);
        // What was never ready has nothing to hand over, and a silo half way into the cluster cannot leave it in order.
        var inOrder = signals.Asked.IsCancellationRequested && (problem is null || !isReady);
        if (inOrder)
            LogStopped(logger, settings.Silo.Name);
        else
            LogNotStopped(logger, settings.Silo.Name, problem ?? "a part of it had failed.");
        await CloseAsync(host).ConfigureAwait(false);
        return inOrder ? ExitCode.Done : ExitCode.Failed;
    }

    private static async Task StartAsync(IHost host, HostSettings settings, CancellationToken cancellation)
    {
        await host.StartAsync(cancellation).ConfigureAwait(false);
        var routes = host.Services.GetRequiredService<RegionRoutes>();
        try
        {
            await routes.Confirmed.WaitAsync(settings.StartPatience, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new RegionUnavailableException($"the router of {settings.Silo.Region} has not told the region's ring within {settings.StartPatience}.");
        }
    }

    /// <summary>Until a signal comes, or the host gives up because one of its parts has failed.</summary>
    private static async Task WaitForEndAsync(IHost host, CancellationToken asked)
    {
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(asked, lifetime.ApplicationStopping);
        await Task.Delay(Timeout.Infinite, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Stops the host.</summary>
    /// <returns>What went wrong, or null.</returns>
    private static async Task<string?> StopAsync(IHost host)
    {
        using var patience = new CancellationTokenSource(StopPatience);
        try
        {
            await host.StopAsync(patience.Token).WaitAsync(StopPatience + ClosePatience, CancellationToken.None).ConfigureAwait(false);
            return patience.IsCancellationRequested && !host.Services.GetRequiredService<HandOver>().IsDone ? OutOfPatience : null;
        }
        catch (TimeoutException) when (patience.IsCancellationRequested)
        {
            return OutOfPatience;
        }
        catch (Exception failure)
        {
            return failure.Message;
        }
    }

    /// <summary>Closes what is still open, the log among it, for as long as the patience lasts: the process ends anyway.</summary>
    private static async Task CloseAsync(IHost host) =>
        await ((IAsyncDisposable)host).DisposeAsync().AsTask().WaitAsync(ClosePatience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Silo} could not start: {Reason}")]
    private static partial void LogNotStarted(ILogger logger, string silo, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Silo} stops")]
    private static partial void LogStopping(ILogger logger, string silo);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Silo} has stopped")]
    private static partial void LogStopped(ILogger logger, string silo);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Silo} has not stopped in order: {Reason}")]
    private static partial void LogNotStopped(ILogger logger, string silo, string reason);
}

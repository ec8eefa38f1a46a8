using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansCache.Silo.Configuration;
using OrleansCache.Silo.Health;
using OrleansCache.Topology;

namespace OrleansCache.Silo.Startup;

/// <summary>The silo program: one silo, from its start until it is stopped or the cluster declares it dead.</summary>
/// <param name="output">Where results go.</param>
/// <param name="error">Where messages about the arguments and settings go.</param>
/// <param name="services">Adds to the silo's services, before those of the cache; for tests.</param>
internal sealed partial class SiloProgram(TextWriter output, TextWriter error, Action<IServiceCollection, IConfiguration>? services = null)
{
    // The exit code that a shell reports for a process that Ctrl-C has ended.
    private const int Interrupted = 130;

    /// <summary>Runs what the arguments ask for.</summary>
    /// <returns>The <see cref="SiloExitCode"/>.</returns>
    public async Task<int> RunAsync(string[] args)
    {
        try
        {
            switch (args)
            {
                case var words when words.Any(word => word is "--help" or "-h" or "-?"):
                    await output.WriteAsync(SiloArguments.Help).ConfigureAwait(false);
                    return SiloExitCode.Done;
                case ["--version"]:
                    await output.WriteLineAsync(Version).ConfigureAwait(false);
                    return SiloExitCode.Done;
                case [SiloArguments.Health, .. var rest]:
                    return await HealthCheck.Read(rest).RunAsync(output, error).ConfigureAwait(false);
                case [SiloArguments.Key]:
                    await NewKey.WriteAsync(output).ConfigureAwait(false);
                    return SiloExitCode.Done;
                case [SiloArguments.Settings, SiloArguments.Forget, .. var rest]:
                    return await ForgetSettings.RunAsync(rest, output, error).ConfigureAwait(false);
                default:
                    return await RunSiloAsync(args).ConfigureAwait(false);
            }
        }
        catch (SettingsException invalid)
        {
            foreach (var problem in invalid.Problems)
                await error.WriteLineAsync(problem).ConfigureAwait(false);
            return SiloExitCode.BadSettings;
        }
    }

    private static string? Version =>
        typeof(SiloProgram).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;

    private async Task<int> RunSiloAsync(string[] args)
    {
        var host = await SiloHost.BuildAsync(args, services, CancellationToken.None).ConfigureAwait(false);
        var options = host.Services.GetRequiredService<SiloHostOptions>();
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("OrleansCache.Silo");
        using var interrupts = EndOnSecondInterrupt();
        var isReady = false;
        try
        {
            // SIGTERM and Ctrl-C stop the application (ConsoleLifetime), which also cancels a start that is under way.
            await host.StartAsync(CancellationToken.None).ConfigureAwait(false);
            await WaitForRingAsync(host, options, stopping).ConfigureAwait(false);
            isReady = true;
            var (silo, address) = (options.Silo, options.Silo.Address);
            await output.WriteLineAsync($"ready {silo.Name} silo={address}:{silo.SiloPort} gateway={address}:{silo.GatewayPort}")
                .ConfigureAwait(false);
            await output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            await Task.Delay(Timeout.Infinite, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped before it was ready; what has been started is stopped below.
        }
        catch (OptionsValidationException invalid)
        {
            // The cluster has other settings than this silo.
            await CloseAsync(host, SiloTimeouts.CloseUnstarted).ConfigureAwait(false);
            throw new SettingsException([.. invalid.Failures]);
        }
        catch (Exception failure)
        {
            LogNotStarted(logger, options.Silo.Name, failure.Message);
            await CloseAsync(host, SiloTimeouts.CloseUnstarted).ConfigureAwait(false);
            return SiloExitCode.Failed;
        }

        LogStopping(logger, options.Silo.Name);
        var problem = await StopAsync(host, isReady).ConfigureAwait(false) ?? FailedPart(host);
        if (problem is null)
            LogStopped(logger, options.Silo.Name);
        else
            LogNotStopped(logger, options.Silo.Name, problem);
        await CloseAsync(host, SiloTimeouts.Close).ConfigureAwait(false);
        return problem is null ? SiloExitCode.Done : SiloExitCode.Failed;
    }

    private static async Task WaitForRingAsync(IHost host, SiloHostOptions options, CancellationToken stopping)
    {
        try
        {
            var routes = host.Services.GetRequiredService<RegionRoutes>();
            await routes.Confirmed.WaitAsync(options.StartPatience, stopping).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new RegionUnavailableException(
                $"the router grain of {options.Silo.Region} has not sent the region's hash ring within {options.StartPatience}.");
        }
    }

    /// <summary>ConsoleLifetime ignores further signals while the host stops; a second Ctrl-C ends the process at once.</summary>
    private static PosixSignalRegistration EndOnSecondInterrupt()
    {
        var count = 0;
        return PosixSignalRegistration.Create(PosixSignal.SIGINT, _ =>
        {
            if (Interlocked.Increment(ref count) > 1)
                Environment.Exit(Interrupted);
        });
    }

    /// <summary>The failure of a background service, which stops the host by itself, or null.</summary>
    private static string? FailedPart(IHost host) =>
        host.Services.GetServices<IHostedService>().OfType<BackgroundService>()
            .Select(service => service.ExecuteTask?.Exception?.InnerException)
            .OfType<Exception>().FirstOrDefault() is { } failure
            ? $"a background service has failed: {failure.Message}"
            : null;

    /// <summary>Stops the host.</summary>
    /// <returns>What went wrong, or null.</returns>
    private static async Task<string?> StopAsync(IHost host, bool wasReady)
    {
        string? problem = null;
        try
        {
            await host.StopAsync(CancellationToken.None).WaitAsync(SiloTimeouts.Shutdown + SiloTimeouts.Close).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            problem = $"it was not done {SiloTimeouts.Close.TotalMilliseconds:0} ms after its time to shut down had ended.";
        }
        catch (Exception failure)
        {
            problem = failure.Message;
        }

        // A silo that never was ready has nothing to hand over, and cannot leave gracefully a cluster that it had not fully joined.
        if (!wasReady)
            return null;
        return host.Services.GetRequiredService<HandOver>().IsDone
            ? problem
            : $"it did not hand over within {SiloTimeouts.Shutdown.TotalSeconds:0} s.";
    }

    /// <summary>Disposes of the host, which writes the rest of the log; what takes longer ends with the process.</summary>
    private static async Task CloseAsync(IHost host, TimeSpan limit) =>
        await ((IAsyncDisposable)host).DisposeAsync().AsTask().WaitAsync(limit)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    [LoggerMessage(EventId = 1800, Level = LogLevel.Error, Message = "{Silo} could not start: {Reason}")]
    private static partial void LogNotStarted(ILogger logger, string silo, string reason);

    [LoggerMessage(EventId = 1801, Level = LogLevel.Information, Message = "{Silo} is stopping")]
    private static partial void LogStopping(ILogger logger, string silo);

    [LoggerMessage(EventId = 1802, Level = LogLevel.Information, Message = "{Silo} has stopped")]
    private static partial void LogStopped(ILogger logger, string silo);

    [LoggerMessage(EventId = 1803, Level = LogLevel.Error, Message = "{Silo} did not shut down gracefully: {Reason}")]
    private static partial void LogNotStopped(ILogger logger, string silo, string reason);
}

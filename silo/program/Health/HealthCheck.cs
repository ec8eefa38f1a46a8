using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansCache.Silo.Clustering;
using OrleansCache.Silo.Configuration;
using OrleansCache.Silo.Startup;

namespace OrleansCache.Silo.Health;

/// <summary>Asks the silo behind a gateway whether it is ready, as a client of the cluster.</summary>
internal sealed class HealthCheck(SiloHostOptions options, HostAddress gateway)
{
    /// <summary>Reads the arguments after the word <c>health</c>.</summary>
    /// <exception cref="SettingsException">The arguments or settings are invalid.</exception>
    public static HealthCheck Read(string[] args)
    {
        var configuration = new ConfigurationManager();
        configuration.AddSiloSettings(args, SiloArguments.HealthSwitches);
        return configuration[SiloArguments.GatewayKey] switch
        {
            null => throw new SettingsException("--gateway is not set; give the silo's gateway as host:port, such as 127.0.0.1:30000."),
            var text when HostAddress.TryParse(text, out var gateway) => new(SiloHostOptions.Bind(configuration), gateway),
            var text => throw new SettingsException($"--gateway is {text}; give host:port, such as 127.0.0.1:30000."),
        };
    }

    /// <summary>Asks the silo and writes the result.</summary>
    /// <returns><see cref="SiloExitCode.Done"/> or <see cref="SiloExitCode.Dead"/>.</returns>
    public async Task<int> RunAsync(TextWriter output, TextWriter error)
    {
        using var limit = new CancellationTokenSource(SiloTimeouts.HealthCheck);
        string problem;
        try
        {
            var health = await AskAsync(limit.Token).WaitAsync(limit.Token).ConfigureAwait(false);
            if (health.Ready)
            {
                await output.WriteLineAsync($"{health.Silo} is ready").ConfigureAwait(false);
                return SiloExitCode.Done;
            }

            problem = $"{health.Silo} behind {gateway} does not have its region's hash ring yet.";
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            problem = $"The silo behind {gateway} did not answer within {SiloTimeouts.HealthCheck.TotalSeconds:0} s.";
        }
        catch (Exception failure)
        {
            problem = $"The silo behind {gateway} does not answer: {failure.Message}";
        }

        await error.WriteLineAsync(problem).ConfigureAwait(false);
        return SiloExitCode.Dead;
    }

    private async Task<SiloHealth> AskAsync(CancellationToken cancellation)
    {
        var endpoint = (await gateway.ResolveAsync(cancellation).ConfigureAwait(false))[0];
        var builder = Host.CreateEmptyApplicationBuilder(new() { ApplicationName = "health" });
        builder.UseOrleansClient(client => client.Enter(options, endpoint));
        using var host = builder.Build();
        // A signal cancels the start and the call.
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        await host.StartAsync(cancellation).ConfigureAwait(false);
        var grain = host.Services.GetRequiredService<IGrainFactory>().GetGrain<IHealthGrain>("health");
        var health = await grain.CheckAsync().WaitAsync(stopping).WaitAsync(cancellation).ConfigureAwait(false);
        // Without it the silo would log a connection that was reset, at each check. Whether it succeeds says nothing about the silo.
        await host.StopAsync(cancellation).WaitAsync(SiloTimeouts.HealthGoodbye, CancellationToken.None)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return health;
    }
}

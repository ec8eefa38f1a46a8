using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansCache.Silo.Clustering;
using OrleansCache.Silo.Configuration;
using OrleansCache.Silo.Startup;

namespace OrleansCache.Silo.Health;

/// <summary>Asks the silo behind a gateway how it is, as a client of the cluster.</summary>
internal sealed class HealthCheck(HostSettings settings, HostAddress gateway, TextWriter output, TextWriter error)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        var (code, words) = (ExitCode.Dead, $"The silo behind {gateway} did not answer within {Patience.TotalSeconds:0} s.");
        try
        {
            var health = await AskAsync(patience.Token).WaitAsync(patience.Token).ConfigureAwait(false);
            (code, words) = health.Ready
                ? (ExitCode.Done, $"{health.Silo} is ready")
                : (ExitCode.Dead, $"{health.Silo} behind {gateway} has not got its region's ring yet.");
        }
        catch (Exception failure) when (failure is not OperationCanceledException || patience.IsCancellationRequested)
        {
            if (failure is not OperationCanceledException)
                words = $"The silo behind {gateway} does not answer: {failure.Message}";
        }

        await (code == ExitCode.Done ? output : error).WriteLineAsync(words).ConfigureAwait(false);
        return code;
    }

    private async Task<SiloHealth> AskAsync(CancellationToken cancellation)
    {
        var endpoint = (await gateway.ResolveAsync(cancellation).ConfigureAwait(false))[0];
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "health" });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.UseOrleansClient(client => SiloWiring.Enter(client, settings, endpoint));
        using var host = builder.Build();
        await host.StartAsync(cancellation).ConfigureAwait(false);
        var key = Guid.NewGuid().ToString("N");
        return await host.Services.GetRequiredService<IGrainFactory>().GetGrain<IHealthGrain>(key).CheckAsync().WaitAsync(cancellation).ConfigureAwait(false);
    }
}

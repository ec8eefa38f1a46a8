using Microsoft.Extensions.Hosting;

namespace OrleansCache.Engine.Hosting;

/// <summary>Ties the silo to its host's start and stop.</summary>
internal sealed class HostedSilo(SiloRuntime silo, SiloLifecycle lifecycle, IEnumerable<ILifecycleParticipant<ISiloLifecycle>> participants) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        silo.Participate(lifecycle);
        foreach (var participant in participants) participant.Participate(lifecycle);
        await lifecycle.StartAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // A stop that may not wait at all is a crash, as far as the others can see.
        if (cancellationToken.IsCancellationRequested) await silo.AbortAsync();
        await lifecycle.StopAsync(cancellationToken);
        await silo.WhenQuietAsync();
    }
}

using Microsoft.Extensions.Hosting;

namespace OrleansCache.Silo.Startup;

/// <summary>Leaves it to the program when its host starts and stops.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

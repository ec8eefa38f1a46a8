using Microsoft.Extensions.Hosting;

namespace OrleansCache.Http;

/// <summary>The lifetime of a web application inside another program, whose own are Ctrl-C and SIGTERM.</summary>
internal sealed class NestedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

using Microsoft.Extensions.DependencyInjection;

namespace OrleansCache.Silo.Local;

/// <summary>What joins the silos and clients of one process: with Microsoft Orleans the loopback interface, so nothing of ours.</summary>
internal sealed class LocalNetwork
{
    public void Join(IServiceCollection services) => ArgumentNullException.ThrowIfNull(services);
}

using Microsoft.Extensions.DependencyInjection;
using OrleansCache.Engine.Transport;

namespace OrleansCache.Silo.Local;

/// <summary>What joins the silos and clients of one process: the bundled engine's network in memory.</summary>
internal sealed class LocalNetwork
{
    private readonly InProcessNetwork _network = new();

    public void Join(ISiloBuilder silo) => Join(silo.Services);

    public void Join(IClientBuilder client) => Join(client.Services);

    private void Join(IServiceCollection services) => services.AddSingleton(_network).AddSingleton<ITransport>(_network);
}

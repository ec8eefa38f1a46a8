using OrleansCache.Silo.Wiring;

namespace OrleansCache.Silo.Local;

/// <summary>What joins the silos and clients of one process: with Microsoft Orleans the loopback interface, so nothing of ours.</summary>
internal sealed class LocalNetwork
{
    public void Join(ISiloBuilder silo) => SendableTypes.Require(silo);

    public void Join(IClientBuilder client) => ArgumentNullException.ThrowIfNull(client);
}

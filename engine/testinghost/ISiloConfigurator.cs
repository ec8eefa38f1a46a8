using Orleans.Hosting;

namespace Orleans.TestingHost;

/// <summary>Configures the silos of a test cluster.</summary>
public interface ISiloConfigurator
{
    /// <summary>Configures a silo.</summary>
    /// <param name="siloBuilder">The silo's builder.</param>
    void Configure(ISiloBuilder siloBuilder);
}

using Microsoft.Extensions.Hosting;

namespace Orleans.TestingHost;

/// <summary>Configures the host of a test cluster's silo or client.</summary>
public interface IHostConfigurator
{
    /// <summary>Configures the host.</summary>
    /// <param name="hostBuilder">The host's builder.</param>
    void Configure(IHostBuilder hostBuilder);
}

using Microsoft.Extensions.Configuration;
using Orleans.Hosting;

namespace Orleans.TestingHost;

/// <summary>Configures the client of a test cluster.</summary>
public interface IClientBuilderConfigurator
{
    /// <summary>Configures the client.</summary>
    /// <param name="configuration">The configuration of the cluster.</param>
    /// <param name="clientBuilder">The client's builder.</param>
    void Configure(IConfiguration configuration, IClientBuilder clientBuilder);
}

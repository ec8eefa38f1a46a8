using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Orleans.TestingHost;

/// <summary>What the hosts of a test cluster can be asked while they are configured.</summary>
public static class TestClusterExtensions
{
    /// <summary>The configuration that the cluster was built with.</summary>
    /// <param name="builder">The host's builder.</param>
    public static IConfiguration GetConfiguration(this IHostBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Properties.TryGetValue("Configuration", out var configuration) && configuration is IConfiguration known ? known : throw new ArgumentException("The host does not belong to a test cluster.", nameof(builder));
    }

    /// <summary>One value of the configuration that the cluster was built with.</summary>
    /// <param name="hostBuilder">The host's builder.</param>
    /// <param name="key">The value's key.</param>
    public static string? GetConfigurationValue(this IHostBuilder hostBuilder, string key) => hostBuilder.GetConfiguration()[key];

    /// <summary>The options of the cluster.</summary>
    /// <param name="hostBuilder">The host's builder.</param>
    public static TestClusterOptions GetTestClusterOptions(this IHostBuilder hostBuilder) => hostBuilder.GetConfiguration().GetTestClusterOptions();

    /// <summary>The options of the cluster.</summary>
    /// <param name="config">The configuration that the cluster was built with.</param>
    public static TestClusterOptions GetTestClusterOptions(this IConfiguration config)
    {
        var options = new TestClusterOptions();
        config.Bind(options);
        config.GetSection("Orleans").Bind(options);
        return options;
    }
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Orleans.TestingHost;

/// <summary>Makes the hosts of test clusters.</summary>
public class TestClusterHostFactory
{
    /// <summary>Makes a silo's host.</summary>
    /// <param name="hostName">The silo's name, unless the configuration has one.</param>
    /// <param name="configuration">The configuration of the cluster and of the silo.</param>
    /// <param name="postConfigureHostBuilder">Configures the host after all others have.</param>
    public static IHost CreateSiloHost(string hostName, IConfiguration configuration, Action<IHostBuilder>? postConfigureHostBuilder = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var builder = NewBuilder(configuration);
        builder.UseOrleans((_, silo) =>
        {
            silo.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(30));
            silo.Services.Configure<Configuration.SiloOptions>(options => options.SiloName ??= hostName);
        });
        foreach (var configurator in Configurators(configuration, nameof(TestClusterOptions.SiloBuilderConfiguratorTypes)))
        {
            (configurator as IHostConfigurator)?.Configure(builder);
            if (configurator is ISiloConfigurator siloConfigurator) builder.UseOrleans((_, silo) => siloConfigurator.Configure(silo));
        }

        postConfigureHostBuilder?.Invoke(builder);
        return builder.Build();
    }

    /// <summary>Makes a client's host.</summary>
    /// <param name="hostName">The client's name.</param>
    /// <param name="configuration">The configuration of the cluster.</param>
    /// <param name="postConfigureHostBuilder">Configures the host after all others have.</param>
    public static IHost CreateClusterClient(string hostName, IConfiguration configuration, Action<IHostBuilder>? postConfigureHostBuilder = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var builder = NewBuilder(configuration);
        builder.UseOrleansClient();
        foreach (var configurator in Configurators(configuration, nameof(TestClusterOptions.ClientBuilderConfiguratorTypes)))
        {
            (configurator as IHostConfigurator)?.Configure(builder);
            if (configurator is IClientBuilderConfigurator clientConfigurator) builder.UseOrleansClient(client => clientConfigurator.Configure(configuration, client));
        }

        postConfigureHostBuilder?.Invoke(builder);
        return builder.Build();
    }

    private static HostBuilder NewBuilder(IConfiguration configuration)
    {
        var builder = new HostBuilder();
        builder.UseEnvironment(Environments.Development);
        builder.Properties["Configuration"] = configuration;
        builder.ConfigureHostConfiguration(host => host.AddConfiguration(configuration));
        return builder;
    }

    private static IEnumerable<object> Configurators(IConfiguration configuration, string key) =>
        (configuration.GetSection(key).Get<string[]>() ?? []).Where(name => !string.IsNullOrWhiteSpace(name)).Select(name => Activator.CreateInstance(Type.GetType(name, throwOnError: true)!)!);
}

using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Orleans.TestingHost;

/// <summary>Makes test clusters.</summary>
public class TestClusterBuilder
{
    private readonly List<Action<IConfigurationBuilder>> _configureHost = [];
    private readonly List<Action> _configure = [];
    private Func<string, IConfiguration, Task<SiloHandle>>? _createSilo;

    /// <summary>A cluster of two silos.</summary>
    public TestClusterBuilder()
        : this(2)
    {
    }

    /// <summary>A cluster.</summary>
    /// <param name="initialSilosCount">How many silos it begins with.</param>
    public TestClusterBuilder(short initialSilosCount)
    {
        Options = new TestClusterOptions
        {
            InitialSilosCount = initialSilosCount,
            ClusterId = CreateClusterId(),
            ServiceId = Guid.NewGuid().ToString("N"),
            UseTestClusterMembership = true,
            InitializeClientOnDeploy = true,
        };
        ConfigureBuilder(SetPorts);
    }

    /// <summary>The cluster's options.</summary>
    public TestClusterOptions Options { get; }

    /// <summary>Configuration values that silos and client see.</summary>
    public Dictionary<string, string?> Properties { get; } = [];

    /// <summary>Where the silos' ports come from.</summary>
    public ITestClusterPortAllocator PortAllocator { get; set; } = new TestClusterPortAllocator();

    /// <summary>Starts a silo, given its name and configuration, instead of the usual way.</summary>
    public Func<string, IConfiguration, Task<SiloHandle>> CreateSiloAsync
    {
        set => _createSilo = value;
    }

    /// <summary>A name for a cluster that hardly another one has.</summary>
    public static string CreateClusterId() => string.Create(CultureInfo.InvariantCulture, $"testcluster-{DateTime.UtcNow:yyyy-MM-dd-HH-mm-ss}-{Random.Shared.Next(1000)}");

    /// <summary>Changes this builder just before it builds.</summary>
    /// <param name="configureDelegate">Changes it.</param>
    public TestClusterBuilder ConfigureBuilder(Action configureDelegate)
    {
        ArgumentNullException.ThrowIfNull(configureDelegate);
        _configure.Add(configureDelegate);
        return this;
    }

    /// <summary>Adds to the configuration that silos and client see.</summary>
    /// <param name="configureDelegate">Adds to it.</param>
    public TestClusterBuilder ConfigureHostConfiguration(Action<IConfigurationBuilder> configureDelegate)
    {
        ArgumentNullException.ThrowIfNull(configureDelegate);
        _configureHost.Add(configureDelegate);
        return this;
    }

    /// <summary>Has a type configure the silos.</summary>
    /// <typeparam name="T">An <see cref="ISiloConfigurator"/> or an <see cref="IHostConfigurator"/>; a new one is made for each silo.</typeparam>
    public TestClusterBuilder AddSiloBuilderConfigurator<T>()
        where T : new()
    {
        if (!typeof(ISiloConfigurator).IsAssignableFrom(typeof(T)) && !typeof(IHostConfigurator).IsAssignableFrom(typeof(T)))
            throw new ArgumentException($"{typeof(T)} implements neither {nameof(ISiloConfigurator)} nor {nameof(IHostConfigurator)}.");
        Options.SiloBuilderConfiguratorTypes.Add(typeof(T).AssemblyQualifiedName);
        return this;
    }

    /// <summary>Has a type configure the client.</summary>
    /// <typeparam name="T">An <see cref="IClientBuilderConfigurator"/> or an <see cref="IHostConfigurator"/>.</typeparam>
    public TestClusterBuilder AddClientBuilderConfigurator<T>()
        where T : new()
    {
        if (!typeof(IClientBuilderConfigurator).IsAssignableFrom(typeof(T)) && !typeof(IHostConfigurator).IsAssignableFrom(typeof(T)))
            throw new ArgumentException($"{typeof(T)} implements neither {nameof(IClientBuilderConfigurator)} nor {nameof(IHostConfigurator)}.");
        Options.ClientBuilderConfiguratorTypes.Add(typeof(T).AssemblyQualifiedName);
        return this;
    }

    /// <summary>Makes the cluster; it is not started yet.</summary>
    public TestCluster Build()
    {
        foreach (var configure in _configure) configure();
        var builder = new ConfigurationBuilder();
        builder.AddInMemoryCollection(Properties);
        builder.AddInMemoryCollection(Options.ToDictionary());
        foreach (var configure in _configureHost) configure(builder);

        var configuration = builder.Build();
        var options = new TestClusterOptions();
        configuration.Bind(options);
        configuration.GetSection("Orleans").Bind(options);
        var cluster = new TestCluster(options, [.. builder.Sources], PortAllocator);
        if (_createSilo is not null) cluster.CreateSiloAsync = _createSilo;
        return cluster;
    }

    private void SetPorts()
    {
        var (siloPort, gatewayPort) = PortAllocator.AllocateConsecutivePortPairs(Options.InitialSilosCount + 3);
        if (Options.BaseSiloPort == 0) Options.BaseSiloPort = siloPort;
        if (Options.BaseGatewayPort == 0) Options.BaseGatewayPort = gatewayPort;
    }
}

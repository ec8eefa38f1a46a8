using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.TestingHost;

namespace OrleansCache.Engine.Tests.Support;

/// <summary>A running cluster with a stage that all of its silos share.</summary>
public abstract class TestClusterFixture : IAsyncLifetime
{
    private TestCluster? _cluster;

    /// <summary>The cluster.</summary>
    public TestCluster Cluster => _cluster ?? throw new InvalidOperationException("The cluster has not been deployed.");

    /// <summary>What tests and grains share.</summary>
    public Stage Stage { get; } = new();

    /// <summary>The client's factory.</summary>
    public IGrainFactory Client => Cluster.Client;

    /// <summary>The number of silos to start with.</summary>
    protected abstract short Silos { get; }

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        var builder = new TestClusterBuilder(Silos);
        builder.AddSiloBuilderConfigurator<StageConfigurator>();
        Configure(builder);
        _cluster = builder.Build();
        await _cluster.DeployAsync();
        foreach (var silo in _cluster.Silos)
            Join(silo);
        await SettledAsync();
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_cluster is null)
            return;
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
    }

    /// <summary>The silo's services.</summary>
    public static IServiceProvider Services(SiloHandle silo) => ((InProcessSiloHandle)silo).SiloHost.Services;

    /// <summary>A grain factory whose calls start in that silo.</summary>
    public static IGrainFactory Factory(SiloHandle silo) => Services(silo).GetRequiredService<IGrainFactory>();

    /// <summary>Gives a silo that has been started the cluster's stage.</summary>
    public void Join(SiloHandle silo) => Services(silo).GetRequiredService<StageDoor>().Stage = Stage;

    /// <summary>Waits until each silo places grains on each other one, see <see cref="Settled"/>.</summary>
    public Task SettledAsync() => Settled.WaitAsync([.. Cluster.GetActiveSilos().Select(Services)]);

    /// <summary>A key that no other test uses.</summary>
    public static string NewKey() => Guid.NewGuid().ToString("N");

    /// <summary>A key of a grain that <see cref="PlaceByKeyAttribute"/> puts on the silo of that name.</summary>
    public static string NewKeyOn(SiloHandle silo) => $"{silo.Name}!{NewKey()}";

    /// <summary>Adds what this cluster needs beyond the stage.</summary>
    protected virtual void Configure(TestClusterBuilder builder)
    {
    }

    private sealed class StageConfigurator : ISiloConfigurator
    {
        public void Configure(ISiloBuilder siloBuilder)
        {
            siloBuilder.Services.AddSingleton<StageDoor>();
            siloBuilder.AddPlacementDirector<PlaceByKey, PlaceByKeyDirector>();
            siloBuilder.AddPlacementDirector<PreferByKey, PlaceByKeyDirector>();
        }
    }
}

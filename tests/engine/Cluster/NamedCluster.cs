using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.TestingHost;
using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Cluster;

/// <summary>Three silos whose names in the membership are given by a configurator, with an eye on when each starts and stops.</summary>
public sealed class NamedCluster : TestClusterFixture
{
    /// <summary>What is put before the names that the test host gives.</summary>
    public const string Prefix = "europe-";

    /// <inheritdoc/>
    protected override short Silos => 3;

    /// <inheritdoc/>
    protected override void Configure(TestClusterBuilder builder) => builder.AddSiloBuilderConfigurator<Names>();

    /// <summary>What the silo of that handle is called in the membership.</summary>
    public static string NameOf(SiloHandle silo) => Prefix + silo.Name;

    /// <summary>A key of a grain that is placed on that silo.</summary>
    public static string KeyOn(SiloHandle silo) => $"{NameOf(silo)}!{NewKey()}";

    private sealed class Names : ISiloConfigurator
    {
        public void Configure(ISiloBuilder siloBuilder)
        {
            siloBuilder.Configure<SiloOptions>(options => options.SiloName = Prefix + options.SiloName);
            siloBuilder.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, LifecycleWitness>();
        }
    }
}

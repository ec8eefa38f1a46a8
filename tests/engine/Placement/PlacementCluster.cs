using Orleans.TestingHost;
using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Placement;

/// <summary>Two silos with a placement director of their own.</summary>
public sealed class PlacementCluster : TestClusterFixture
{
    /// <inheritdoc/>
    protected override short Silos => 2;

    /// <inheritdoc/>
    protected override void Configure(TestClusterBuilder builder) => builder.AddSiloBuilderConfigurator<Director>();

    private sealed class Director : ISiloConfigurator
    {
        public void Configure(ISiloBuilder siloBuilder) => siloBuilder.AddPlacementDirector<ByOrder, ByOrderDirector>();
    }
}

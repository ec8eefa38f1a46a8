using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Memory;

/// <summary>One silo that counts its dayflies.</summary>
public sealed class OneSilo : TestClusterFixture
{
    /// <summary>The count.</summary>
    public Population Population => Services(Cluster.Silos[0]).GetRequiredService<Population>();

    /// <inheritdoc/>
    protected override short Silos => 1;

    /// <inheritdoc/>
    protected override void Configure(TestClusterBuilder builder) => builder.AddSiloBuilderConfigurator<Counting>();

    private sealed class Counting : ISiloConfigurator
    {
        public void Configure(ISiloBuilder siloBuilder) => siloBuilder.Services.AddSingleton<Population>();
    }
}

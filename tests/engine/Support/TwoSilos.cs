using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using OrleansCache.Engine.Tests.Activation;

namespace OrleansCache.Engine.Tests.Support;

/// <summary>Two silos and a client, for every test that neither stops a silo nor needs a setting of its own.</summary>
public sealed class TwoSilos : TestClusterFixture
{
    /// <inheritdoc/>
    protected override short Silos => 2;

    /// <inheritdoc/>
    protected override void Configure(TestClusterBuilder builder) => builder.AddSiloBuilderConfigurator<Lender>();

    private sealed class Lender : ISiloConfigurator
    {
        public void Configure(ISiloBuilder siloBuilder) => siloBuilder.Services.AddScoped<Loan>();
    }
}

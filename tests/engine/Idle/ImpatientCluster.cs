using Orleans.Configuration;
using Orleans.TestingHost;
using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Idle;

/// <summary>Two silos that collect grains idle for a second, and that like their client wait three seconds for an answer.</summary>
public sealed class ImpatientCluster : TestClusterFixture
{
    /// <summary>How long a grain must be idle.</summary>
    public static readonly TimeSpan Age = TimeSpan.FromSeconds(1);

    /// <summary>How long an answer is waited for.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    protected override short Silos => 2;

    /// <inheritdoc/>
    protected override void Configure(TestClusterBuilder builder)
    {
        builder.AddSiloBuilderConfigurator<Impatience>();
        builder.AddClientBuilderConfigurator<Impatience>();
    }

    private sealed class Impatience : ISiloConfigurator, IClientBuilderConfigurator
    {
        public void Configure(ISiloBuilder siloBuilder)
        {
            siloBuilder.Configure<GrainCollectionOptions>(options =>
            {
                options.CollectionQuantum = Age / 5;
                options.CollectionAge = Age;
            });
            siloBuilder.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = Patience);
        }

        public void Configure(Microsoft.Extensions.Configuration.IConfiguration configuration, IClientBuilder clientBuilder) =>
            clientBuilder.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = Patience);
    }
}

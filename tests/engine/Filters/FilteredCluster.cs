using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Filters;

/// <summary>Two silos and a client, each with filters and a script of its own.</summary>
public sealed class FilteredCluster : TestClusterFixture
{
    /// <summary>The client's script, and those of the silos.</summary>
    public FilterScript[] Scripts =>
    [
        Cluster.Client.ServiceProvider.GetRequiredService<FilterScript>(),
        .. Cluster.Silos.Select(silo => Services(silo).GetRequiredService<FilterScript>()),
    ];

    /// <summary>Factories whose calls start in the client and in the silos.</summary>
    public IGrainFactory[] Factories => [Client, .. Cluster.Silos.Select(Factory)];

    /// <inheritdoc/>
    protected override short Silos => 2;

    /// <summary>A post office on that silo, as the client or one of the silos calls it.</summary>
    public IPostGrain Post(int caller, int silo = 0) => Factories[caller].GetGrain<IPostGrain>(NewKeyOn(Cluster.Silos[silo]));

    /// <inheritdoc/>
    protected override void Configure(TestClusterBuilder builder)
    {
        builder.AddSiloBuilderConfigurator<SiloFilters>();
        builder.AddClientBuilderConfigurator<ClientFilters>();
    }

    private sealed class SiloFilters : ISiloConfigurator
    {
        public void Configure(ISiloBuilder siloBuilder)
        {
            var script = new FilterScript();
            siloBuilder.Services.AddSingleton(script);
            siloBuilder.AddIncomingGrainCallFilter<IncomingFilter>();
            siloBuilder.AddIncomingGrainCallFilter(new IncomingFilterObject(script));
            siloBuilder.AddIncomingGrainCallFilter(context => script.PlayAsync(FilterNames.Incoming[2], context));
            siloBuilder.AddOutgoingGrainCallFilter<OutgoingFilter>();
            siloBuilder.AddOutgoingGrainCallFilter(new OutgoingFilterObject(script));
            siloBuilder.AddOutgoingGrainCallFilter(context => script.PlayAsync(FilterNames.Outgoing[2], context));
        }
    }

    private sealed class ClientFilters : IClientBuilderConfigurator
    {
        public void Configure(IConfiguration configuration, IClientBuilder clientBuilder)
        {
            var script = new FilterScript();
            clientBuilder.Services.AddSingleton(script);
            clientBuilder.AddIncomingGrainCallFilter<IncomingFilter>();
            clientBuilder.AddIncomingGrainCallFilter(new IncomingFilterObject(script));
            clientBuilder.AddIncomingGrainCallFilter(context => script.PlayAsync(FilterNames.Incoming[2], context));
            clientBuilder.AddOutgoingGrainCallFilter<OutgoingFilter>();
            clientBuilder.AddOutgoingGrainCallFilter(new OutgoingFilterObject(script));
            clientBuilder.AddOutgoingGrainCallFilter(context => script.PlayAsync(FilterNames.Outgoing[2], context));
        }
    }
}

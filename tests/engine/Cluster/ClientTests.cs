using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.TestingHost;
using OrleansCache.Engine.Tests.Activation;
using OrleansCache.Engine.Tests.Observers;
using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Cluster;

/// <summary>Several clients of one cluster, each by way of the gateway that it names.</summary>
public sealed class ClientTests(TcpCluster cluster) : IClassFixture<TcpCluster>
{
    [Fact]
    public async Task A_client_enters_the_cluster_through_the_gateway_that_it_names()
    {
        foreach (var silo in cluster.Cluster.Silos)
        {
            using var host = await ConnectAsync(silo);
            var client = host.Services.GetRequiredService<IClusterClient>();

            // A key that names no silo is placed where the request comes in.
            for (var i = 0; i < 10; i++)
                Assert.Equal(silo.Name, await client.GetGrain<IProbeGrain>(TestClusterFixture.NewKey()).Silo());
            foreach (var other in cluster.Cluster.Silos)
                Assert.Equal(other.Name, await client.GetGrain<IProbeGrain>(TestClusterFixture.NewKeyOn(other)).Silo());
            await host.StopAsync();
        }
    }

    [Fact]
    public async Task Several_clients_meet_the_same_activations()
    {
        var key = TestClusterFixture.NewKey();
        using var first = await ConnectAsync(cluster.Cluster.Silos[0]);
        using var second = await ConnectAsync(cluster.Cluster.Silos[1]);
        IGrainFactory[] clients = [cluster.Client, .. new[] { first, second }.Select(host => host.Services.GetRequiredService<IClusterClient>())];

        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => clients[i % clients.Length].GetGrain<IProbeGrain>(key).Activation()));

        Assert.Single(answers.Distinct());
        await first.StopAsync();
        Assert.Equal(answers[0], await clients[2].GetGrain<IProbeGrain>(key).Activation());
        await second.StopAsync();
    }

    [Fact]
    public async Task Each_client_has_observers_of_its_own()
    {
        using var first = await ConnectAsync(cluster.Cluster.Silos[0]);
        using var second = await ConnectAsync(cluster.Cluster.Silos[1]);
        IGrainFactory[] clients = [.. new[] { first, second }.Select(host => host.Services.GetRequiredService<IClusterClient>())];
        Listener[] listeners = [new("first"), new("second")];
        var speaker = cluster.Client.GetGrain<ISpeakerGrain>(TestClusterFixture.NewKeyOn(cluster.Cluster.Silos[0]));

        // Registered by one, added by the other: a reference may travel.
        for (var i = 0; i < clients.Length; i++)
            await clients[1 - i].GetGrain<ISpeakerGrain>(speaker.GetPrimaryKeyString()).Add(clients[i].CreateObjectReference<IListener>(listeners[i]));

        Assert.Equal(["first: who?", "second: who?"], await speaker.AskAll("who?"));
        GC.KeepAlive(listeners);
        await first.StopAsync();
        await second.StopAsync();
    }

    private async Task<IHost> ConnectAsync(SiloHandle gateway)
    {
        var host = new HostBuilder()
            .UseOrleansClient(client =>
            {
                client.Configure<ClusterOptions>(options =>
                {
                    options.ClusterId = cluster.Cluster.Options.ClusterId;
                    options.ServiceId = cluster.Cluster.Options.ServiceId;
                });
                client.UseStaticClustering(gateway.GatewayAddress.Endpoint);
            })
            .Build();
        await host.StartAsync();
        return host;
    }
}

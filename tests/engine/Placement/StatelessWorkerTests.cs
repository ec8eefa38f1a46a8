using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Placement;

/// <summary>A stateless worker comes up where it is called, once in each silo, whatever the directory says of others.</summary>
[Collection(TwoSilosCollection.Name)]
public sealed class StatelessWorkerTests(TwoSilos cluster)
{
    [Fact]
    public async Task Each_silo_answers_its_own_calls_with_an_activation_of_its_own()
    {
        var key = TestClusterFixture.NewKey();
        var activations = new List<Guid>();
        foreach (var silo in cluster.Cluster.Silos)
        {
            var worker = TestClusterFixture.Factory(silo).GetGrain<IWorkshopGrain>(key);
            // A crowd of first calls meets one activation.
            var crowd = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => worker.Activation()));

            Assert.Equal(silo.Name, await worker.Silo());
            activations.Add(Assert.Single(crowd.Distinct()));
        }

        Assert.Equal(2, activations.Distinct().Count());
    }
}

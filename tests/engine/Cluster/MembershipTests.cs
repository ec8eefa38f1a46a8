using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Cluster;

/// <summary>Silos are stopped, killed and started, and the grains live on. Each test leaves three silos behind.</summary>
public sealed class MembershipTests(NamedCluster cluster) : IClassFixture<NamedCluster>
{
    [Fact]
    public async Task The_membership_shows_each_silo_with_the_name_of_its_options()
    {
        await RestoreAsync();
        var expected = cluster.Cluster.Silos.Select(silo => (silo.SiloAddress, NamedCluster.NameOf(silo))).ToHashSet();

        foreach (var silo in cluster.Cluster.Silos)
        {
            await Until.TrueAsync(() => expected.SetEquals(Active(silo)), () => $"{silo.Name} to know {string.Join(", ", expected)}, it knows {string.Join(", ", Active(silo))}");
            Assert.True(TestClusterFixture.Services(silo).GetServices<ILifecycleParticipant<ISiloLifecycle>>().OfType<LifecycleWitness>().Single().Started);
            Assert.Equal(NamedCluster.NameOf(silo), await cluster.Client.GetGrain<IResidenceGrain>(NamedCluster.KeyOn(silo)).Silo());
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_grains_of_a_silo_that_is_killed_or_stopped_come_up_elsewhere(bool kill)
    {
        await RestoreAsync();
        var victim = cluster.Cluster.SecondarySilos[^1];
        var caller = cluster.Client.GetGrain<IResidenceGrain>(NamedCluster.KeyOn(cluster.Cluster.Primary!));
        string[] keys = [.. Enumerable.Range(0, 20).Select(_ => NamedCluster.KeyOn(victim))];
        foreach (var key in keys)
            Assert.Equal(NamedCluster.NameOf(victim), await caller.SiloOf(key));

        var goodbyes = cluster.Stage.Notes(nameof(LifecycleWitness)).Count;
        await (kill ? cluster.Cluster.KillSiloAsync(victim) : cluster.Cluster.StopSiloAsync(victim));

        foreach (var key in keys)
        {
            // Until the others have noticed, a call may fail; it may not be answered by the dead.
            var place = await AnswerAsync(() => caller.SiloOf(key));
            Assert.NotEqual(NamedCluster.NameOf(victim), place);
            Assert.Equal(place, await AnswerAsync(() => cluster.Client.GetGrain<IResidenceGrain>(key).Silo()));
        }

        await Until.TrueAsync(
            () => Active(cluster.Cluster.Primary!).All(member => member.Name != NamedCluster.NameOf(victim)),
            () => $"{victim.Name} to leave the membership");
        if (!kill)
        {
            // A silo that stops says goodbye: to its grains and to those that take part in its lifecycle.
            Assert.All(keys, key => Assert.Equal(nameof(DeactivationReasonCode.ShuttingDown), cluster.Stage.Notes(key)[0]));
            await cluster.Stage.WaitForNotesAsync(nameof(LifecycleWitness), goodbyes + 1);
        }
    }

    [Fact]
    public async Task A_call_in_progress_on_a_killed_silo_ends_in_an_error_and_the_next_is_answered()
    {
        await RestoreAsync();
        var victim = cluster.Cluster.SecondarySilos[^1];
        var key = NamedCluster.KeyOn(victim);
        var grain = TestClusterFixture.Factory(cluster.Cluster.Primary!).GetGrain<IResidenceGrain>(key);
        Assert.Equal(NamedCluster.NameOf(victim), await grain.Silo());
        var call = grain.Wait();
        await cluster.Stage.Gate(key).Arrived;

        await cluster.Cluster.KillSiloAsync(victim);

        await Assert.ThrowsAnyAsync<Exception>(() => call.WaitAsync(Until.Bound));
        Assert.NotEqual(NamedCluster.NameOf(victim), await AnswerAsync(() => cluster.Client.GetGrain<IResidenceGrain>(key).Silo()));
        cluster.Stage.Gate(key).Open();
    }

    [Fact]
    public async Task A_silo_that_is_restarted_joins_again()
    {
        await RestoreAsync();
        var before = cluster.Cluster.SecondarySilos[^1];
        var key = NamedCluster.KeyOn(before);
        Assert.Equal(NamedCluster.NameOf(before), await cluster.Client.GetGrain<IResidenceGrain>(key).Silo());

        var after = await cluster.Cluster.RestartSiloAsync(before);

        Assert.NotNull(after);
        cluster.Join(after);
        Assert.Equal(before.Name, after.Name);
        Assert.NotEqual(before.SiloAddress, after.SiloAddress);
        await KnownEverywhereAsync(after);
        await cluster.SettledAsync();
    }

    [Fact]
    public async Task A_silo_that_is_added_takes_grains()
    {
        await RestoreAsync();

        var added = await cluster.Cluster.StartAdditionalSiloAsync();
        cluster.Join(added);

        await KnownEverywhereAsync(added);
        await cluster.SettledAsync();
        await cluster.Cluster.StopSiloAsync(added);
    }

    [Fact]
    public async Task Changes_of_the_membership_are_announced()
    {
        await RestoreAsync();
        var victim = cluster.Cluster.SecondarySilos[^1];
        var membership = TestClusterFixture.Services(cluster.Cluster.Primary!).GetRequiredService<IClusterMembershipService>();
        var version = membership.CurrentSnapshot.Version;
        using var bound = new CancellationTokenSource(Until.Bound);

        await cluster.Cluster.StopSiloAsync(victim);

        await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(bound.Token))
        {
            if (snapshot.GetSiloStatus(victim.SiloAddress) != SiloStatus.Dead)
                continue;
            Assert.True(snapshot.Version > version);
            return;
        }

        Assert.Fail("The announcements ended without the silo's death.");
    }

    private static IReadOnlyList<(SiloAddress Address, string Name)> Active(SiloHandle seenFrom) =>
        [.. TestClusterFixture.Services(seenFrom).GetRequiredService<IClusterMembershipService>().CurrentSnapshot.Members.Values
            .Where(member => member.Status == SiloStatus.Active).Select(member => (member.SiloAddress, member.Name))];

    /// <summary>The answer, once the cluster has got over a silo's death.</summary>
    private static async Task<string> AnswerAsync(Func<Task<string>> call)
    {
        var answer = "";
        Exception? last = null;
        await Until.TrueAsync(
            async () =>
            {
                try
                {
                    answer = await call();
                    return true;
                }
                catch (Exception error) when (error is OrleansException or TimeoutException)
                {
                    last = error;
                    return false;
                }
            },
            () => $"an answer, the last error was {last}");
        return answer;
    }

    private async Task KnownEverywhereAsync(SiloHandle silo)
    {
        foreach (var other in cluster.Cluster.GetActiveSilos())
            await Until.TrueAsync(() => Active(other).Any(member => member.Address.Equals(silo.SiloAddress)), () => $"{other.Name} to know {silo.Name}");
    }

    /// <summary>Starts as many silos as a test before this one has ended.</summary>
    private async Task RestoreAsync()
    {
        while (cluster.Cluster.GetActiveSilos().Count() < 3)
        {
            var added = await cluster.Cluster.StartAdditionalSiloAsync();
            cluster.Join(added);
            await KnownEverywhereAsync(added);
            await cluster.SettledAsync();
        }
    }
}

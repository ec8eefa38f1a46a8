using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Serialization.Configuration;
using OrleansCache.TestSupport;
using OrleansCache.Tests.Clusters;

namespace OrleansCache.Tests.Orleans;

/// <summary>
/// What the cache relies on in Orleans beyond its documented contract, on silos with the wiring of the silo program. If one of these tests
/// fails after an upgrade, review the part named in its comment.
/// </summary>
public sealed class OrleansAssumptionsTests(OrleansAssumptionsTests.TwoSilos cluster) : IClassFixture<OrleansAssumptionsTests.TwoSilos>
{
    private static readonly ClusterShape Shape = new() { Regions = ["europe", "asia"], Silos = ["europe.1", "asia.1"], Redis = false };

    // NearClients: a revocation counts as acknowledged when the observer's method has completed.
    [Fact]
    public async Task A_grain_that_awaits_an_observer_continues_when_the_observers_method_has_completed()
    {
        var (called, gate) = (NewGate(), NewGate());
        var observer = new Observer(() =>
        {
            called.SetResult();
            return gate.Task;
        });
        var reference = cluster.Grains.CreateObjectReference<INearObserver>(observer);

        var call = Grain("observer").CallAsync(reference);
        await called.Task.WaitAsync(Eventually.Bound);
        Assert.False(call.IsCompleted);
        gate.SetResult();

        await call.WaitAsync(Eventually.Bound);
        GC.KeepAlive(observer);
    }

    // NearClients: a client whose observer throws has not acknowledged the revocation.
    [Fact]
    public async Task A_grain_that_awaits_an_observer_gets_its_exception()
    {
        var observer = new Observer(() => throw new InvalidOperationException("The near cache has gone."));
        var reference = cluster.Grains.CreateObjectReference<INearObserver>(observer);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Grain("observer error").CallAsync(reference));

        Assert.Equal("The near cache has gone.", error.Message);
        GC.KeepAlive(observer);
    }

    // BookGrain.Evict: books are deactivated while readers call them.
    [Fact]
    public async Task A_request_that_meets_a_deactivating_activation_is_answered_by_the_next_one()
    {
        var grain = Grain("deactivation");
        var (deactivating, gate) = AssumptionGrain.HoldDeactivation("deactivation");
        var first = await grain.WhoAsync();
        await grain.LeaveAsync();
        await deactivating.WaitAsync(Eventually.Bound);

        var call = grain.WhoAsync();
        gate.SetResult();

        Assert.NotEqual(first, await call.WaitAsync(Eventually.Bound));
    }

    // SiloPlacementDirector: calls about grants of one incarnation of a silo must not reach another.
    [Fact]
    public async Task A_grain_pinned_to_a_silo_that_is_gone_fails_and_is_not_moved_to_the_silos_next_incarnation()
    {
        await using var own = await CacheCluster.StartAsync(Shape with { Silos = ["europe.1", "asia.1", "asia.1"], SilosAtFirst = 2 });
        var pinned = own.Grains.GetGrain<INearSource>(own.Silo("asia.1").Address.ToParsableString());
        await pinned.LeaveAsync(Guid.NewGuid());
        await own.KillSiloAsync("asia.1");

        await FailsAsync();
        await own.StartSiloAsync();
        await FailsAsync();

        // Sooner than a call to an unresponsive silo, which takes Orleans' response timeout of 30 s.
        async Task FailsAsync()
        {
            var error = await Assert.ThrowsAnyAsync<Exception>(() => pinned.LeaveAsync(Guid.NewGuid()));
            Assert.True(error is RegionUnavailableException or SiloUnavailableException, error.ToString());
        }
    }

    // LeasedEntryTable: the bytes of a payload that several grains of a silo share are counted once.
    [Fact]
    public async Task An_immutable_payload_is_not_copied_within_a_silo() =>
        Assert.Equal((true, true), await Grain("sender").PassPayloadAsync("receiver"));

    // IBookGrain.LookupAsync: a lookup that loads does not block others.
    [Fact]
    public async Task An_interleaving_ValueTask_method_is_entered_while_another_call_waits()
    {
        var grain = Grain("interleaving");
        var waiting = grain.WaitAsync().AsTask();

        await Eventually.IsTrueAsync(async () => await grain.OpenAsync(), "a second call finds the first one waiting");

        await waiting.WaitAsync(Eventually.Bound);
    }

    // Without this check, the first call that sends a type without a serializer would fail.
    [Fact]
    public void Silos_refuse_to_start_with_types_that_cannot_be_sent() => Assert.All(cluster.Silos, silo =>
    {
        var types = silo.Handle.SiloHost.Services.GetRequiredService<IOptions<TypeManifestOptions>>();
        Assert.True(types.Value.EnableConfigurationAnalysis);
    });

    private static TaskCompletionSource NewGate() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private IAssumptionGrain Grain(string key) => cluster.Grains.GetGrain<IAssumptionGrain>(key);

    /// <summary>Two silos, one in each region.</summary>
    public sealed class TwoSilos() : CacheCluster(Shape), IAsyncLifetime
    {
        Task IAsyncLifetime.InitializeAsync() => StartAsync();

        Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();
    }

    private sealed class Observer(Func<Task> onRevoke) : INearObserver
    {
        public Task RevokeAsync(string[] books) => onRevoke();

        public Task EndLeasesAsync(string silo, int? slot, long below) => onRevoke();
    }
}

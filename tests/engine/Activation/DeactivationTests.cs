using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Activation;

/// <summary>An activation leaves without losing a request.</summary>
[Collection(TwoSilosCollection.Name)]
public sealed class DeactivationTests(TwoSilos cluster)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_that_meets_a_deactivating_grain_is_answered_by_the_next_activation(bool farewellFails)
    {
        var key = TestClusterFixture.NewKey();
        var gate = cluster.Stage.Gate(key);
        var first = await Guest(key).LeaveSlowly(farewellFails);
        await gate.Arrived;

        IGrainFactory[] callers = [cluster.Client, .. cluster.Cluster.Silos.Select(TestClusterFixture.Factory)];
        Task<Guid>[] late = [.. callers.Select(caller => caller.GetGrain<IGuestGrain>(key).Activation()), Guest(key).Peek()];

        // Others answer meanwhile; these wait for the farewell to end.
        for (var i = 0; i < 50; i++)
            await Guest(TestClusterFixture.NewKey()).Peek();
        Assert.DoesNotContain(late, call => call.IsCompleted);

        gate.Open();
        var answers = await Task.WhenAll(late);
        Assert.Single(answers.Distinct());
        Assert.NotEqual(first, answers[0]);
    }

    [Fact]
    public async Task Each_request_is_done_once_while_a_grain_leaves_again_and_again()
    {
        const int Callers = 12;
        const int Calls = 100;
        var key = TestClusterFixture.NewKey();
        IGrainFactory[] factories = [cluster.Client, .. cluster.Cluster.Silos.Select(TestClusterFixture.Factory)];
        var refused = 0;

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            var guest = factories[caller % factories.Length].GetGrain<IGuestGrain>(key);
            for (var done = 0; done < Calls;)
            {
                try
                {
                    await guest.Visit(leave: caller == 0 && done % 5 == 0);
                    done++;
                }
                catch (OrleansMessageRejectionException)
                {
                    // A request that has met several leaving activations in a row may be sent back, undone. It must not be done as well.
                    Interlocked.Increment(ref refused);
                }
            }
        }));

        // Each activation tells when it leaves how many calls it has seen. Together they have seen each call once.
        await Guest(key).Visit(leave: true);
        const int Expected = Callers * Calls + 1;
        await Until.TrueAsync(() => Visits(key) >= Expected, () => $"{Expected} visits, there are {Visits(key)}, and {refused} were refused");
        Assert.Equal(Expected, Visits(key));
        Assert.True(cluster.Stage.Notes(key).Count > 5, "It left too rarely to show anything.");
        Assert.True(refused < Callers * Calls / 10, $"{refused} requests were refused.");
    }

    [Fact]
    public async Task A_call_in_progress_ends_before_the_farewell()
    {
        var key = TestClusterFixture.NewKey();
        var gate = cluster.Stage.Gate(key + "/call");
        var leaving = Guest(key).LeaveAndWait();
        await gate.Arrived;
        var next = Guest(key).Activation();
        gate.Open();

        Assert.NotEqual(await leaving, await next);
        Assert.StartsWith("call ends,ApplicationRequested", string.Join(',', cluster.Stage.Notes(key)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_grain_learns_that_it_asked_to_leave_itself()
    {
        var key = TestClusterFixture.NewKey();

        await Guest(key).Visit(leave: true);
        await cluster.Stage.WaitForNotesAsync(key, 1);

        Assert.StartsWith(nameof(DeactivationReasonCode.ApplicationRequested), Assert.Single(cluster.Stage.Notes(key)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_grain_can_be_deactivated_from_outside_and_learns_the_reason()
    {
        var key = TestClusterFixture.NewKey();
        var first = await Guest(key).Activation();

        cluster.Stage.Contexts[key].Deactivate(new DeactivationReason(DeactivationReasonCode.HighMemoryPressure, "the budget is exceeded"));
        await cluster.Stage.WaitForNotesAsync(key, 1);

        Assert.Equal(["HighMemoryPressure: the budget is exceeded"], cluster.Stage.Notes(key));
        Assert.NotEqual(first, await Guest(key).Activation());
    }

    [Fact]
    public async Task Deactivating_twice_from_outside_is_one_farewell_and_harms_no_successor()
    {
        var key = TestClusterFixture.NewKey();
        await Guest(key).Activation();
        var context = cluster.Stage.Contexts[key];

        context.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "first"));
        context.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "second"));
        var second = await Guest(key).Activation();
        context.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "third"));

        Assert.Equal(second, await Guest(key).Activation());
        Assert.Equal(["ApplicationRequested: first"], cluster.Stage.Notes(key));
    }

    private IGuestGrain Guest(string key) => cluster.Client.GetGrain<IGuestGrain>(key);

    private int Visits(string key) => cluster.Stage.Notes(key + "/visits").Sum(note => int.Parse(note, System.Globalization.CultureInfo.InvariantCulture));
}

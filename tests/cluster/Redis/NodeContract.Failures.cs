using OrleansCache.Redis;

namespace OrleansCache.Tests.Redis;

/// <summary>What a caller sees when its node is slow, full, hung or unreachable.</summary>
public abstract partial class NodeContract
{
    [Fact]
    public async Task A_call_to_a_hung_node_ends_with_its_budget()
    {
        var budget = TimeSpan.FromMilliseconds(300);
        var node = Node(new() { Budget = budget });
        await WarmUpAsync(node);
        await Backend.PauseAsync();
        var started = Backend.Elapsed;

        await FailAsync(node);

        // The upper bound allows for a busy machine, and is still below the Redis client's own timeout.
        Assert.InRange(Backend.Elapsed - started, 0.8 * budget, TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task One_caller_with_a_long_budget_opens_the_circuit_by_five_failures()
    {
        var node = Node(new() { Budget = TimeSpan.FromMilliseconds(600) });
        await WarmUpAsync(node);
        await Backend.PauseAsync();

        // The warm-up counts, too.
        for (var i = 0; i < 5 && node.CanRead("warm"); i++)
            await FailAsync(node);

        Assert.False(node.CanRead("warm"));
        Assert.False(IsUp(node));
    }

    [Fact]
    public async Task A_hung_node_costs_no_more_than_the_budget_then_nothing_and_is_back_by_itself()
    {
        var node = Node(new() { Budget = TimeSpan.FromMilliseconds(100), RetryAfter = TimeSpan.FromMilliseconds(200) });
        var states = new List<bool>();
        node.Changed = changed =>
        {
            lock (states)
                states.Add(IsUp(changed));
        };
        await WarmUpAsync(node);

        await Backend.PauseAsync();
        // No call waits for ever, and after some of them the circuit is open.
        await FailUntilOpenAsync(node);
        await Assert.ThrowsAsync<NodeUnavailableException>(async () => await node.ReadAsync("a", default));
        lock (states)
            Assert.False(states[^1]);

        await Backend.ResumeAsync();
        await Backend.PassTimeUntilAsync(() => IsUp(node), "the circuit closes");
        await PassTimeUntilAsync(() => RespondsAsync(node), "the node responds");
        await Backend.PassTimeUntilAsync(
            () =>
            {
                lock (states)
                    return states[^1];
            },
            "the listener hears of it");
    }

    [Fact]
    public async Task An_open_circuit_refuses_without_any_time_passing()
    {
        var node = Node(new() { Budget = TimeSpan.FromMilliseconds(50), RetryAfter = TimeSpan.FromHours(1) });
        await Backend.KillAsync();
        await FailUntilOpenAsync(node);

        var refused = node.ReadAsync("a", default);

        Assert.True(refused.IsCompleted);
        var error = await Assert.ThrowsAsync<NodeUnavailableException>(async () => await refused);
        Assert.Contains("eu-1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_node_that_is_started_again_is_back_by_itself_and_empty()
    {
        var node = Node(new() { Budget = TimeSpan.FromMilliseconds(500), RetryAfter = TimeSpan.FromMilliseconds(100) });
        await WarmUpAsync(node);
        await PassTimeUntilAsync(
            () => RespondsAsync(async () => await node.WriteAsync(Row("a", 1), Minute, overwrite: false, default)), "the book is written");

        await Backend.KillAsync();
        await FailUntilOpenAsync(node);

        await Backend.RestartAsync();
        await Backend.PassTimeUntilAsync(() => IsUp(node), "the circuit closes");
        await PassTimeUntilAsync(() => RespondsAsync(node), "the node responds");
        NodeEntry? entry = new NodeEntry(Row("a", 1), Minute);
        await PassTimeUntilAsync(() => RespondsAsync(async () => entry = await node.ReadAsync("a", default)), "the book is read");
        Assert.Null(entry);
    }

    [Fact]
    public async Task A_call_beyond_the_cap_fails_at_once_and_names_node_and_cap()
    {
        var node = Node(Patient with { MaxInFlight = 4 });
        await WarmUpAsync(node);
        await Backend.PauseAsync();
        var waiting = Enumerable.Range(0, 4).Select(_ => node.ReadAsync("a", default).AsTask()).ToArray();

        var error = await Assert.ThrowsAsync<NodeUnavailableException>(async () => await node.ReadAsync("a", default));

        Assert.DoesNotContain(waiting, call => call.IsCompleted);
        Assert.Contains("eu-1", error.Message, StringComparison.Ordinal);
        Assert.Contains("4 calls", error.Message, StringComparison.Ordinal);
        await Backend.ResumeAsync();
        await Task.WhenAll(waiting);
        Assert.Null(await node.ReadAsync("a", default));
        Assert.True(IsUp(node));
    }

    [Fact]
    public async Task A_cap_that_is_full_of_calls_that_hang_opens_the_circuit()
    {
        const int Cap = 10;
        var node = Node(new()
        {
            Budget = TimeSpan.FromMilliseconds(500), MaxInFlight = Cap, MinimumThroughput = Cap, SamplingDuration = Minute,
        });
        await WarmUpAsync(node);
        await Backend.PauseAsync();
        var hanging = Enumerable.Range(0, Cap).Select(_ => node.ReadAsync("a", default).AsTask()).ToArray();
        // Refused while no call is overdue, these count for the node: the calls that hang are too few to open the circuit by themselves.
        for (var i = 0; i < 5 * Cap; i++)
            await Assert.ThrowsAsync<NodeUnavailableException>(async () => await node.ReadAsync("a", default));
        await Backend.PassTimeUntilAsync(() => hanging.All(call => call.IsCompleted), "the calls that hang have timed out");
        foreach (var call in hanging)
            await Assert.ThrowsAsync<NodeUnavailableException>(() => call);

        await FailUntilOpenAsync(node);
        await Backend.ResumeAsync();
        await Backend.PassTimeUntilAsync(() => IsUp(node), "the circuit closes");
    }

    [Fact]
    public async Task Calls_that_were_given_up_count_for_the_cap_until_they_end()
    {
        var node = Node(Patient with { MaxInFlight = 8 });
        await WarmUpAsync(node);
        await Backend.PauseAsync();
        using var given = new CancellationTokenSource();
        var calls = Enumerable.Range(0, 8).Select(_ => node.ReadAsync("a", given.Token).AsTask()).ToArray();
        await given.CancelAsync();
        foreach (var call in calls)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        Assert.Equal(8, ((GuardedNode)node).InFlight);
        Assert.False(await RespondsAsync(node));

        await Backend.ResumeAsync();
        await Backend.PassTimeUntilAsync(() => ((GuardedNode)node).InFlight == 0, "all calls have ended");
        Assert.True(await RespondsAsync(node));
    }

    [Fact]
    public async Task A_probe_bypasses_the_circuits_and_says_what_it_has_found()
    {
        var node = Node(new() { Budget = TimeSpan.FromSeconds(1), RetryAfter = TimeSpan.FromDays(1) });
        await WarmUpAsync(node);
        await Backend.PauseAsync();
        await FailUntilOpenAsync(node);

        var probe = node.ProbeAsync(default).AsTask();
        await Backend.PassTimeUntilAsync(() => probe.IsCompleted, "the probe ends");
        Assert.Equal(NodeState.Down, (await probe).State);
        Assert.NotNull((await probe).Reason);

        await Backend.ResumeAsync();
        await PassTimeUntilAsync(async () => (await node.ProbeAsync(default)).State == NodeState.Up, "a probe succeeds");
        Assert.False(IsUp(node));
    }

    [Fact]
    public async Task A_cancelled_call_is_no_failure_of_the_node()
    {
        var node = Node(Patient);
        await WarmUpAsync(node);
        await Backend.PauseAsync();
        using var given = new CancellationTokenSource();
        var calls = Enumerable.Range(0, 50).Select(_ => node.ReadAsync("a", given.Token).AsTask()).ToArray();

        await given.CancelAsync();

        foreach (var call in calls)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await node.ReadAsync("a", given.Token));
        Assert.True(IsUp(node));
        await Backend.ResumeAsync();
        Assert.Null(await node.ReadAsync("a", default));
    }

    [Fact]
    public async Task A_listener_that_fails_does_not_break_the_circuit()
    {
        var node = Node(new() { Budget = TimeSpan.FromMilliseconds(100), RetryAfter = TimeSpan.FromMilliseconds(100) });
        node.Changed = _ => throw new InvalidOperationException("the listener's own trouble");
        await WarmUpAsync(node);
        await Backend.PauseAsync();
        await FailUntilOpenAsync(node);
        await Backend.ResumeAsync();

        await Backend.PassTimeUntilAsync(() => IsUp(node), "the circuit closes");
    }

    [Fact]
    public async Task A_node_can_be_disposed_while_its_server_hangs()
    {
        var node = Node(new() { Budget = TimeSpan.FromMilliseconds(100) });
        await WarmUpAsync(node);
        await Backend.PauseAsync();
        await FailUntilOpenAsync(node);

        var disposing = node.DisposeAsync().AsTask();

        await Backend.PassTimeUntilAsync(() => disposing.IsCompleted, "the node is disposed");
        await disposing;
    }
}

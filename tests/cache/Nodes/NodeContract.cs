using System.Diagnostics;
using System.Text;
using OrleansCache.Nodes;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Nodes;

/// <summary>What every node does, whatever it stands on.</summary>
public abstract class NodeContract : IAsyncLifetime
{
    protected static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // Generous, for what is not about budgets: a busy machine must not fail a call.
    protected static readonly NodeSettings Patient = new() { Budget = TimeSpan.FromSeconds(30) };

    private INodeBackend? _backend;
    private INode? _node;

    private INodeBackend Backend => _backend!;

    public async Task InitializeAsync() => _backend = await CreateBackendAsync();

    public async Task DisposeAsync()
    {
        if (_node is not null)
            await _node.DisposeAsync();
        await Backend.DisposeAsync();
    }

    [Fact]
    public async Task A_book_is_read_back_as_it_was_written()
    {
        var node = Node(Patient);
        var copy = Copy("book::1984", 7);

        await node.WriteAsync(copy, Minute, overwrite: false, default);

        var entry = await node.ReadAsync("book::1984", default);
        Assert.Equal(copy.Key, entry?.Copy.Key);
        Assert.Equal(copy.Identity, entry?.Copy.Identity);
        Assert.Equal(copy.Payload, entry?.Copy.Payload);
        Assert.InRange(entry!.Value.TimeToLive, TimeSpan.FromTicks(1), Minute);
    }

    [Fact]
    public async Task A_book_that_was_never_written_is_a_miss()
    {
        var node = Node(Patient);
        await node.WriteAsync(Copy("book::1984", 1), Minute, overwrite: false, default);

        Assert.Null(await node.ReadAsync("book::1985", default));
    }

    [Fact]
    public async Task The_time_to_live_runs_down()
    {
        var node = Node(Patient);
        await node.WriteAsync(Copy("book::1984", 1), Minute, overwrite: false, default);
        var first = (await node.ReadAsync("book::1984", default))!.Value.TimeToLive;

        await PassTimeUntilAsync(async () => (await node.ReadAsync("book::1984", default))!.Value.TimeToLive < first, "less is left");
    }

    [Fact]
    public async Task An_entry_is_gone_after_its_time_to_live()
    {
        var node = Node(Patient);
        await node.WriteAsync(Copy("book::1984", 1), TimeSpan.FromMilliseconds(200), overwrite: false, default);
        await node.WriteAsync(Copy("book::1985", 1), Minute, overwrite: false, default);

        await PassTimeUntilAsync(async () => await node.ReadAsync("book::1984", default) is null, "the entry expires");
        Assert.NotNull(await node.ReadAsync("book::1985", default));
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(256, 255)]
    [InlineData(1L << 32, (1L << 32) - 1)]
    [InlineData((1L << 53) + 1, 1L << 53)]
    [InlineData(long.MaxValue, long.MaxValue - 1)]
    public async Task A_higher_version_is_left_as_it_is(long higher, long lower)
    {
        var node = Node(Patient);
        await node.WriteAsync(Copy("book::1984", higher), Minute, overwrite: false, default);
        await node.WriteAsync(Copy("book::1984", lower), Minute, overwrite: false, default);
        Assert.Equal(higher, await VersionOfAsync(node, "book::1984"));

        await node.WriteAsync(Copy("book::1985", lower), Minute, overwrite: false, default);
        await node.WriteAsync(Copy("book::1985", higher), Minute, overwrite: false, default);
        Assert.Equal(higher, await VersionOfAsync(node, "book::1985"));
    }

    [Fact]
    public async Task What_the_catalog_has_said_replaces_a_higher_version()
    {
        var node = Node(Patient);
        await node.WriteAsync(Copy("book::1984", 9), Minute, overwrite: false, default);

        await node.WriteAsync(Copy("book::1984", 3), Minute, overwrite: true, default);

        Assert.Equal(3, await VersionOfAsync(node, "book::1984"));
    }

    [Fact]
    public async Task The_same_version_of_another_edit_replaces()
    {
        var node = Node(Patient);
        var second = Copy("book::1984", 4);
        await node.WriteAsync(Copy("book::1984", 4), Minute, overwrite: false, default);

        await node.WriteAsync(second, Minute, overwrite: false, default);

        Assert.Equal(second.Identity, (await node.ReadAsync("book::1984", default))?.Copy.Identity);
    }

    [Fact]
    public async Task Removed_books_are_gone_and_the_others_stay()
    {
        var node = Node(Patient);
        foreach (var key in (string[])["a", "b", "c"])
            await node.WriteAsync(Copy(key, 1), Minute, overwrite: false, default);

        await node.RemoveAsync(["a", "never-written", "c"], default);
        await node.RemoveAsync([], default);

        Assert.Null(await node.ReadAsync("a", default));
        Assert.NotNull(await node.ReadAsync("b", default));
        Assert.Null(await node.ReadAsync("c", default));
    }

    [Fact]
    public async Task A_thousand_calls_at_once_are_all_answered()
    {
        var node = Node(Patient);

        await Task.WhenAll(Enumerable.Range(0, 1000).Select(async i =>
        {
            await node.WriteAsync(Copy($"book::{i}", i + 1), Minute, overwrite: false, default);
            Assert.Equal(i + 1, await VersionOfAsync(node, $"book::{i}"));
        }));
    }

    [Fact]
    public async Task A_call_to_a_hung_node_ends_with_its_budget()
    {
        var budget = TimeSpan.FromMilliseconds(300);
        var node = Node(new() { Budget = budget });
        await WarmUpAsync(node);
        await Backend.PauseAsync();
        var started = Backend.Elapsed;

        await FailAsync(node);

        // The upper bound is for a busy machine, and still below what the Redis client itself would wait.
        Assert.InRange(Backend.Elapsed - started, 0.8 * budget, TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task One_caller_with_a_long_budget_opens_the_circuit_by_five_failures()
    {
        var node = Node(new() { Budget = TimeSpan.FromMilliseconds(600) });
        await WarmUpAsync(node);
        await Backend.PauseAsync();

        for (var i = 0; i < 5; i++)
        {
            Assert.True(node.IsTried);
            await FailAsync(node);
        }

        Assert.False(node.IsTried);
    }

    [Fact]
    public async Task A_hung_node_costs_no_more_than_the_budget_then_nothing_and_is_back_by_itself()
    {
        var node = Node(new() { Budget = TimeSpan.FromMilliseconds(100), RetryAfter = TimeSpan.FromMilliseconds(200) });
        var states = new List<bool>();
        node.Changed = changed =>
        {
            lock (states)
                states.Add(changed.IsTried);
        };
        await WarmUpAsync(node);

        await Backend.PauseAsync();
        // No call is awaited for ever, and after some of them the circuit is open.
        await FailUntilOpenAsync(node);
        await Assert.ThrowsAsync<NodeUnavailableException>(async () => await node.ReadAsync("a", default));
        lock (states)
            Assert.False(states[^1]);

        await Backend.ResumeAsync();
        await Backend.PassTimeUntilAsync(() => node.IsTried, "the circuit closes");
        await PassTimeUntilAsync(() => AnswersAsync(node), "the node answers");
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
        await PassTimeUntilAsync(() => AnswersAsync(async () => await node.WriteAsync(Copy("a", 1), Minute, overwrite: false, default)), "the book is written");

        await Backend.KillAsync();
        await FailUntilOpenAsync(node);

        await Backend.RestartAsync();
        await Backend.PassTimeUntilAsync(() => node.IsTried, "the circuit closes");
        await PassTimeUntilAsync(() => AnswersAsync(node), "the node answers");
        NodeEntry? entry = new NodeEntry(Copy("a", 1), Minute);
        await PassTimeUntilAsync(() => AnswersAsync(async () => entry = await node.ReadAsync("a", default)), "the book is read");
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
        Assert.True(node.IsTried);
    }

    [Fact]
    public async Task Calls_that_were_given_up_keep_their_places_until_the_node_is_through_with_them()
    {
        var node = Node(new() { Budget = TimeSpan.FromMilliseconds(100), MaxInFlight = 8, MinimumThroughput = 100_000 });
        await WarmUpAsync(node);
        await Backend.PauseAsync();

        for (var i = 0; i < 50; i++)
            await FailAsync(node);
        Assert.Equal(8, ((GuardedNode)node).InFlight);

        await Backend.ResumeAsync();
        await PassTimeUntilAsync(() => AnswersAsync(node), "the node answers");
        await Backend.PassTimeUntilAsync(() => ((GuardedNode)node).InFlight == 0, "all places are free");
    }

    [Fact]
    public async Task A_cap_that_is_full_of_calls_given_up_opens_the_circuit()
    {
        var node = Node(new() { Budget = TimeSpan.FromMilliseconds(50), MaxInFlight = 2, MinimumThroughput = 10, SamplingDuration = Minute });
        await WarmUpAsync(node);
        await Backend.PauseAsync();

        await FailUntilOpenAsync(node);
        await Backend.ResumeAsync();
        await Backend.PassTimeUntilAsync(() => node.IsTried, "the circuit closes");
    }

    [Fact]
    public async Task A_ping_goes_past_the_circuit()
    {
        var node = Node(new() { Budget = TimeSpan.FromMilliseconds(100), RetryAfter = TimeSpan.FromDays(1) });
        await WarmUpAsync(node);
        await Backend.PauseAsync();
        await FailUntilOpenAsync(node);

        var ping = node.PingAsync(default).AsTask();
        await Backend.PassTimeUntilAsync(() => ping.IsCompleted, "the ping ends");
        await Assert.ThrowsAsync<NodeUnavailableException>(() => ping);

        await Backend.ResumeAsync();
        await PassTimeUntilAsync(() => AnswersAsync(async () => await node.PingAsync(default)), "a ping is answered");
        Assert.False(node.IsTried);
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_no_failure_of_the_node()
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
        Assert.True(node.IsTried);
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

        await Backend.PassTimeUntilAsync(() => node.IsTried, "the circuit closes");
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

    protected static BookCopy Copy(string key, long version) =>
        new(key, new(version, Guid.NewGuid()), Encoding.UTF8.GetBytes($$"""{"title":"{{key}}"}"""));

    protected static async Task<long?> VersionOfAsync(INode node, string key) => (await node.ReadAsync(key, default))?.Copy.Identity.Version;

    /// <summary>Whether a call succeeds; false when the node is unavailable.</summary>
    protected static async Task<bool> AnswersAsync(Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (NodeUnavailableException)
        {
            return false;
        }
    }

    protected static Task<bool> AnswersAsync(INode node) => AnswersAsync(async () => await node.ReadAsync("warm", default));

    protected abstract Task<INodeBackend> CreateBackendAsync();

    /// <summary>Lets time pass until a condition that needs calls holds; a call may need time to pass itself.</summary>
    private async Task PassTimeUntilAsync(Func<Task<bool>> condition, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var asking = condition();
            await Backend.PassTimeUntilAsync(() => asking.IsCompleted, what);
            if (await asking)
                return;
            if (Stopwatch.GetElapsedTime(started) > Eventually.Bound)
                throw new TimeoutException($"Not within {Eventually.Bound.TotalSeconds:0} s: {what}");
            await PassSomeTimeAsync();
        }
    }

    private Task PassSomeTimeAsync()
    {
        var looks = 0;
        return Backend.PassTimeUntilAsync(() => ++looks > 2, "some time passes");
    }

    private INode Node(NodeSettings settings) => _node = Backend.CreateNode(settings);

    // A connection is made with the first call, which may take longer than a short budget on a busy machine. Pings do not count for the circuit.
    private Task WarmUpAsync(INode node) => PassTimeUntilAsync(() => AnswersAsync(async () => await node.PingAsync(default)), "the node answers");

    private async Task FailAsync(INode node)
    {
        var call = AnswersAsync(node);
        await Backend.PassTimeUntilAsync(() => call.IsCompleted, "a call ends");
        Assert.False(await call);
    }

    private async Task FailUntilOpenAsync(INode node)
    {
        for (var i = 0; node.IsTried; i++)
        {
            Assert.True(i < 100, "The circuit is not open after 100 failures.");
            await FailAsync(node);
        }
    }
}

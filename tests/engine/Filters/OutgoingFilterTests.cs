using OrleansCache.Engine.Tests.Errors;
using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Filters;

/// <summary>Filters between the code that makes calls and their departure.</summary>
[Collection(FilteredClusterCollection.Name)]
public sealed class OutgoingFilterTests(FilteredCluster cluster)
{
    private static readonly string First = FilterNames.Outgoing[0];

    /// <summary>The client, the grain's silo and the other silo.</summary>
    public static TheoryData<int> Callers => [0, 1, 2];

    [Theory]
    [MemberData(nameof(Callers))]
    public async Task A_filter_sees_what_is_called_and_the_result(int caller)
    {
        var post = cluster.Post(caller);
        var seen = new List<object?>();
        cluster.Scripts[caller].On(First, post.GetGrainId(), async context =>
        {
            var outgoing = (IOutgoingGrainCallContext)context;
            seen.AddRange([context.TargetId, context.InterfaceName, context.MethodName, context.InterfaceMethod, (context.Grain as GrainReference)?.GrainId, outgoing.SourceContext?.GrainId]);
            seen.AddRange([context.Request.GetArgumentCount(), context.Request.GetArgument(0), context.Request.GetArgument(1)]);
            await context.Invoke();
            seen.AddRange([context.Result, context.Response?.Exception]);
        });
        using var source = new CancellationTokenSource();

        await post.SendBriefly("letter", source.Token);

        var method = typeof(IPostGrain).GetMethod(nameof(IPostGrain.SendBriefly));
        object?[] expected = [post.GetGrainId(), typeof(IPostGrain).FullName, method!.Name, method, post.GetGrainId(), null, 2, "letter", source.Token, "letter received", null];
        Assert.Equal(expected, seen);
    }

    [Fact]
    public async Task A_silos_filter_sees_which_grain_calls()
    {
        var (caller, other) = (cluster.Post(0, silo: 0), cluster.Post(0, silo: 1));
        var source = default(GrainId?);
        cluster.Scripts[1].On(First, other.GetGrainId(), context =>
        {
            source = ((IOutgoingGrainCallContext)context).SourceContext?.GrainId;
            return context.Invoke();
        });

        Assert.Equal("letter received", await caller.Forward(other.GetPrimaryKeyString(), "letter"));

        Assert.Equal(caller.GetGrainId(), source);
    }

    [Theory]
    [MemberData(nameof(Callers))]
    public async Task A_filter_can_change_the_result_or_give_one_itself(int caller)
    {
        var post = cluster.Post(caller);
        cluster.Scripts[caller].On(First, post.GetGrainId(), async context =>
        {
            if (context.MethodName == nameof(IPostGrain.Send))
                await context.Invoke();
            context.Result = context.MethodName switch
            {
                nameof(IPostGrain.Send) => $"{context.Result}, opened",
                nameof(IPostGrain.Weigh) => 7,
                _ => null,
            };
        });

        Assert.Equal("letter received, opened", await post.Send("letter"));
        Assert.Equal(7, await post.Weigh("parcel"));
        await post.Deliver("parcel");

        Assert.Equal(["letter"], Letters(post));
    }

    [Theory]
    [MemberData(nameof(Callers))]
    public async Task What_a_filter_throws_arrives_and_nothing_is_sent(int caller)
    {
        var post = cluster.Post(caller);
        cluster.Scripts[caller].On(First, post.GetGrainId(), _ => throw new ShelfException("no stamp"));

        Assert.Equal("no stamp", (await Assert.ThrowsAsync<ShelfException>(() => post.Send("letter"))).Message);
        Assert.Equal("no stamp", (await Assert.ThrowsAsync<ShelfException>(() => post.Throw("letter"))).Message);
        Assert.Empty(Letters(post));
    }

    [Theory]
    [MemberData(nameof(Callers))]
    public async Task A_filter_sees_the_exception_and_has_to_give_an_answer_in_its_place(int caller)
    {
        var post = cluster.Post(caller);
        var replacement = default(string);
        cluster.Scripts[caller].On(First, post.GetGrainId(), async context =>
        {
            try
            {
                await context.Invoke();
            }
            catch (ShelfException)
            {
                if (replacement is not null)
                    context.Result = replacement;
            }
        });

        await Assert.ThrowsAsync<InvalidOperationException>(() => post.Fail("first"));
        replacement = "never mind";
        Assert.Equal("never mind", await post.Fail("second"));
    }

    [Theory]
    [MemberData(nameof(Callers))]
    public async Task A_filter_that_does_nothing_is_an_error(int caller)
    {
        var post = cluster.Post(caller);
        cluster.Scripts[caller].On(First, post.GetGrainId(), _ => Task.CompletedTask);

        await Assert.ThrowsAsync<InvalidOperationException>(() => post.Send("letter"));
        Assert.Empty(Letters(post));
    }

    [Theory]
    [MemberData(nameof(Callers))]
    public async Task Filters_can_reorder_calls(int caller)
    {
        var post = cluster.Post(caller);
        var gate = new Gate();
        cluster.Scripts[caller].On(First, post.GetGrainId(), async context =>
        {
            if (context.Request.GetArgument(0) is "first")
                await gate.PassAsync();
            await context.Invoke();
        });

        var first = post.Send("first");
        await gate.Arrived;
        await post.Send("second");
        Assert.False(first.IsCompleted);
        gate.Open();

        await first;
        Assert.Equal(["second", "first"], Letters(post));
    }

    [Theory]
    [MemberData(nameof(Callers))]
    public async Task The_callers_time_begins_when_the_filters_let_the_call_go(int caller)
    {
        var (post, deaf) = (cluster.Post(caller), cluster.Post(caller));
        var gate = new Gate();
        cluster.Scripts[1].On(FilterNames.Incoming[0], deaf.GetGrainId(), async context =>
        {
            await gate.PassAsync();
            await context.Invoke();
        });
        cluster.Scripts[caller].On(First, post.GetGrainId(), async context =>
        {
            // A call of the same method that was made later has run out of time.
            await Assert.ThrowsAsync<TimeoutException>(() => deaf.SendBriefly("letter", CancellationToken.None));
            await context.Invoke();
        });

        Assert.Equal("letter received", await post.SendBriefly("letter", CancellationToken.None));
        gate.Open();
    }

    [Theory]
    [MemberData(nameof(Callers))]
    public async Task A_lost_answer_is_a_call_that_ran(int caller)
    {
        var post = cluster.Post(caller);
        cluster.Scripts[caller].On(First, post.GetGrainId(), async context =>
        {
            // When the call has been made, the request need not be there any more.
            var token = context.Request.GetCancellationToken();
            await context.Invoke();
            await new Gate().PassAsync(token);
        });
        using var source = new CancellationTokenSource();

        var sending = post.SendBriefly("letter", source.Token);
        await cluster.Stage.WaitForNotesAsync(post.GetPrimaryKeyString(), 1);
        Assert.False(sending.IsCompleted);
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.WaitAsync(Until.Bound));
    }

    [Theory]
    [MemberData(nameof(Callers))]
    public async Task A_one_way_call_that_is_held_back_holds_its_caller(int caller)
    {
        var post = cluster.Post(caller);
        var gate = new Gate();
        cluster.Scripts[caller].On(First, post.GetGrainId(), async context =>
        {
            await gate.PassAsync();
            await context.Invoke();
        });

        var sending = post.Throw("letter");
        await gate.Arrived;
        Assert.False(sending.IsCompleted);
        gate.Open();

        await sending;
        await cluster.Stage.WaitForNotesAsync(post.GetPrimaryKeyString(), 1);
    }

    [Theory]
    [MemberData(nameof(Callers))]
    public async Task Calls_go_through_the_filters_in_their_order_and_then_through_those_of_the_grains_silo(int caller)
    {
        var post = cluster.Post(caller);
        var notes = new Stage();
        foreach (var name in FilterNames.Outgoing)
            cluster.Scripts[caller].On(name, post.GetGrainId(), Noting(name));
        foreach (var name in FilterNames.Incoming)
            cluster.Scripts[1].On(name, post.GetGrainId(), Noting(name));

        await post.Send("letter");

        string[] there = [.. FilterNames.Outgoing, .. FilterNames.Incoming];
        Assert.Equal([.. there, .. there.Reverse().Select(name => $"{name} again")], notes.Notes("order"));

        Func<IGrainCallContext, Task> Noting(string name) => async context =>
        {
            notes.Note("order", name);
            await context.Invoke();
            notes.Note("order", $"{name} again");
        };
    }

    private IReadOnlyList<string> Letters(IPostGrain post) => cluster.Stage.Notes(post.GetPrimaryKeyString());
}

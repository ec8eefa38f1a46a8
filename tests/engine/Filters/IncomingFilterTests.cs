using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization.Invocation;
using OrleansCache.Engine.Tests.Calls;
using OrleansCache.Engine.Tests.Errors;
using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Filters;

/// <summary>Filters between arriving calls and grains.</summary>
[Collection(FilteredClusterCollection.Name)]
public sealed class IncomingFilterTests(FilteredCluster cluster)
{
    private static readonly string First = FilterNames.Incoming[0];

    /// <summary>From the client, the grain's silo and the other silo.</summary>
    public static TheoryData<int> Callers => [0, 1, 2];

    private FilterScript Script => cluster.Scripts[1];

    [Theory]
    [MemberData(nameof(Callers))]
    public async Task A_filter_sees_what_is_called(int caller)
    {
        var post = cluster.Post(caller);
        var seen = new List<object?>();
        Script.On(First, post.GetGrainId(), context =>
        {
            var incoming = (IIncomingGrainCallContext)context;
            seen.AddRange([context.TargetId, context.InterfaceName, context.MethodName, context.InterfaceMethod, incoming.ImplementationMethod, context.Grain.GetType(), incoming.TargetContext.GrainId]);
            return context.Invoke();
        });

        Assert.Equal("letter received", await post.Send("letter"));

        var method = typeof(IPostGrain).GetMethod(nameof(IPostGrain.Send));
        object?[] expected = [post.GetGrainId(), typeof(IPostGrain).FullName, method!.Name, method, typeof(PostGrain).GetMethod(nameof(PostGrain.Send)), typeof(PostGrain), post.GetGrainId()];
        Assert.Equal(expected, seen);
    }

    [Theory]
    [MemberData(nameof(Callers))]
    public async Task A_filter_sees_the_request_and_the_result(int caller)
    {
        var post = cluster.Post(caller);
        var seen = new TaskCompletionSource<object?[]>();
        Script.On(First, post.GetGrainId(), async context =>
        {
            // When the call has been made, the request need not be there any more.
            var request = context.Request;
            object?[] asked = [request.GetArgumentCount(), request.GetArgument(0), request.GetArgument(1) is CancellationToken, request.IsCancellable, request.GetDefaultResponseTimeout(), request.GetInterfaceType()];
            await context.Invoke();
            seen.TrySetResult([.. asked, context.Result, context.Response?.Exception]);
        });

        await post.SendBriefly("letter", CancellationToken.None);

        Assert.Equal([2, "letter", true, true, TimeSpan.FromSeconds(1), typeof(IPostGrain), "letter received", null], await seen.Task.WaitAsync(Until.Bound));
    }

    [Theory]
    [MemberData(nameof(Callers))]
    public async Task A_filter_can_change_the_result_or_give_one_itself(int caller)
    {
        var post = cluster.Post(caller);
        Script.On(First, post.GetGrainId(), async context =>
        {
            if (context.MethodName == nameof(IPostGrain.Send))
                await context.Invoke();
            context.Result = context.MethodName == nameof(IPostGrain.Weigh) ? 7 : $"{context.Result}, opened";
        });

        Assert.Equal("letter received, opened", await post.Send("letter"));
        Assert.Equal(7, await post.Weigh("parcel"));
        await post.Deliver("parcel");

        Assert.Equal(["letter"], Letters(post));
    }

    [Theory]
    [MemberData(nameof(Callers))]
    public async Task A_filter_sees_the_exception_which_stays_the_answer_unless_another_is_given(int caller)
    {
        var post = cluster.Post(caller);
        var replacement = default(string);
        var seen = new List<Exception>();
        Script.On(First, post.GetGrainId(), async context =>
        {
            try
            {
                await context.Invoke();
            }
            catch (ShelfException exception)
            {
                seen.Add(exception);
                Assert.Same(exception, context.Response?.Exception);
                if (replacement is not null)
                    context.Result = replacement;
            }
        });

        Assert.Equal("first received", (await Assert.ThrowsAsync<ShelfException>(() => post.Fail("first"))).Message);
        replacement = "never mind";
        Assert.Equal("never mind", await post.Fail("second"));
        Assert.Equal(["first received", "second received"], seen.Select(exception => exception.Message));
    }

    [Theory]
    [MemberData(nameof(Callers))]
    public async Task What_a_filter_throws_or_responds_arrives_at_the_caller(int caller)
    {
        var post = cluster.Post(caller);
        Script.On(First, post.GetGrainId(), context =>
        {
            if (context.MethodName == nameof(IPostGrain.Send))
                throw new ShelfException("closed") { Shelf = "counter" };
            context.Response = Response.FromException(new ShelfException("on strike"));
            return Task.CompletedTask;
        });

        var error = await Assert.ThrowsAsync<ShelfException>(() => post.Send("letter"));
        Assert.Equal(("closed", "counter"), (error.Message, error.Shelf));
        Assert.Equal("on strike", (await Assert.ThrowsAsync<ShelfException>(() => post.Deliver("letter"))).Message);
        Assert.Empty(Letters(post));
    }

    [Theory]
    [MemberData(nameof(Callers))]
    public async Task A_filter_that_does_nothing_is_an_error(int caller)
    {
        var post = cluster.Post(caller);
        Script.On(First, post.GetGrainId(), _ => Task.CompletedTask);

        await Assert.ThrowsAsync<InvalidOperationException>(() => post.Send("letter"));
        Assert.Empty(Letters(post));
    }

    [Theory]
    [MemberData(nameof(Callers))]
    public async Task A_filter_can_delay_a_call(int caller)
    {
        var post = cluster.Post(caller);
        var gate = new Gate();
        Script.On(First, post.GetGrainId(), async context =>
        {
            await gate.PassAsync();
            await context.Invoke();
        });

        var sending = post.Send("letter");
        await gate.Arrived;
        Assert.False(sending.IsCompleted);
        Assert.Empty(Letters(post));

        gate.Open();
        Assert.Equal("letter received", await sending);
    }

    [Theory]
    [MemberData(nameof(Callers))]
    public async Task A_call_that_a_filter_loses_ends_with_the_callers_time(int caller)
    {
        var post = cluster.Post(caller);
        var gate = new Gate();
        Script.On(First, post.GetGrainId(), async context =>
        {
            if (context.MethodName != nameof(IPostGrain.SendBriefly))
            {
                await context.Invoke();
                return;
            }

            await gate.PassAsync();
            throw new ShelfException("nobody waits for this any more");
        });

        await Assert.ThrowsAsync<TimeoutException>(() => post.SendBriefly("lost", CancellationToken.None));

        // The filter is a part of the call: until it ends the grain is busy.
        var next = post.Send("letter");
        Assert.False(next.IsCompleted);
        gate.Open();
        Assert.Equal("letter received", await next);
        Assert.Equal(["letter"], Letters(post));
    }

    [Theory]
    [MemberData(nameof(Callers))]
    public async Task A_filter_learns_that_the_caller_has_cancelled(int caller)
    {
        var grain = cluster.Factories[caller].GetGrain<ICancellableGrain>(TestClusterFixture.NewKeyOn(cluster.Cluster.Silos[0]));
        var gate = new Gate();
        var told = new TaskCompletionSource();
        Script.On(First, grain.GetGrainId(), async context =>
        {
            try
            {
                await gate.PassAsync(context.Request.GetCancellationToken());
            }
            catch (OperationCanceledException)
            {
                told.SetResult();
                throw;
            }
        });
        using var source = new CancellationTokenSource();

        var looking = grain.Look(source.Token);
        await gate.Arrived;
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => looking);
        await told.Task.WaitAsync(Until.Bound);
    }

    [Theory]
    [MemberData(nameof(Callers))]
    public async Task A_one_way_call_can_be_delayed_and_lost(int caller)
    {
        var post = cluster.Post(caller);
        var gate = new Gate();
        Script.On(First, post.GetGrainId(), async context =>
        {
            if (context.Request.GetArgument(0) is "lost")
                throw new ShelfException("nobody hears this");
            await gate.PassAsync();
            await context.Invoke();
        });

        await post.Throw("lost");
        await post.Throw("late");
        await gate.Arrived;
        Assert.Empty(Letters(post));
        gate.Open();

        await cluster.Stage.WaitForNotesAsync(post.GetPrimaryKeyString(), 1);
        Assert.Equal(["late"], Letters(post));
    }

    [Fact]
    public async Task A_filter_that_goes_on_twice_makes_the_call_twice()
    {
        var post = cluster.Post(0);
        Script.On(First, post.GetGrainId(), async context =>
        {
            await context.Invoke();
            await context.Invoke();
        });

        Assert.Equal("letter received", await post.Send("letter"));
        Assert.Equal(["letter", "letter"], Letters(post));
    }

    [Fact]
    public async Task What_a_filter_does_to_a_result_is_not_done_to_the_grain()
    {
        var post = cluster.Post(1);
        await post.Send("letter");
        Script.On(First, post.GetGrainId(), async context =>
        {
            await context.Invoke();
            (context.Result as List<string>)?.Add("forged");
        });

        Assert.Equal(["letter", "forged"], await post.Letters());
        Assert.Equal(["letter", "forged"], await post.Letters());
    }

    [Theory]
    [MemberData(nameof(Callers))]
    public async Task Calls_go_through_the_filters_in_their_order_and_through_the_grains_own_last(int caller)
    {
        var silo = cluster.Cluster.Silos[0];
        var censor = cluster.Factories[caller].GetGrain<ICensorGrain>(TestClusterFixture.NewKeyOn(silo));
        var key = censor.GetPrimaryKeyString();
        foreach (var name in FilterNames.Incoming)
        {
            Script.On(name, censor.GetGrainId(), async context =>
            {
                cluster.Stage.Note(key, name);
                await context.Invoke();
                cluster.Stage.Note(key, $"{name}: {context.Result}");
            });
        }

        Assert.Equal("***", await censor.Say("damn"));

        Assert.Equal([.. FilterNames.Incoming, "grain", "method", .. FilterNames.Incoming.Reverse().Select(name => $"{name}: ***")], cluster.Stage.Notes(key));
    }

    [Fact]
    public void A_filter_gets_the_services_of_its_host()
    {
        foreach (var services in cluster.Cluster.Silos.Select(TestClusterFixture.Services).Append(cluster.Cluster.Client.ServiceProvider))
        {
            var filter = services.GetServices<IIncomingGrainCallFilter>().OfType<IncomingFilter>().Single();
            Assert.NotNull(filter.Factory.GetGrain<IPostGrain>(TestClusterFixture.NewKey()));
        }
    }

    private IReadOnlyList<string> Letters(IPostGrain post) => cluster.Stage.Notes(post.GetPrimaryKeyString());
}

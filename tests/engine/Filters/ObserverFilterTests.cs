using OrleansCache.Engine.Tests.Errors;
using OrleansCache.Engine.Tests.Observers;
using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Filters;

/// <summary>A grain's calls of observers go out through its silo's filters and come in through those of the observer's host.</summary>
[Collection(FilteredClusterCollection.Name)]
public sealed class ObserverFilterTests(FilteredCluster cluster)
{
    /// <summary>Whose object it is: the client's, one of the grain's silo, one of the other silo.</summary>
    public static TheoryData<int> Owners => [0, 1, 2];

    [Theory]
    [MemberData(nameof(Owners))]
    public async Task Filters_see_calls_of_observers(int owner)
    {
        var (speaker, listener, reference) = await MeetAsync(owner);
        var notes = new Stage();
        for (var host = 0; host < 3; host++)
        {
            cluster.Scripts[host].On(FilterNames.Outgoing[0], reference.GetGrainId(), Noting($"out of {host}"));
            cluster.Scripts[host].On(FilterNames.Incoming[0], reference.GetGrainId(), Noting($"into {host}"));
        }

        Assert.Equal(["listener: who?"], await speaker.AskAll("who?"));

        var asked = $"{typeof(IListener).FullName}.{nameof(IListener.Ask)}: ";
        Assert.Equal([$"out of 1 {asked}{speaker.GetGrainId()}", $"into {owner} {asked}{reference.GetGrainId()}"], notes.Notes("calls"));
        End(owner, reference, listener);

        Func<IGrainCallContext, Task> Noting(string where) => context =>
        {
            var who = context is IIncomingGrainCallContext incoming ? incoming.TargetContext : ((IOutgoingGrainCallContext)context).SourceContext;
            var whose = context is IIncomingGrainCallContext && context.Grain != listener ? "somebody else's " : "";
            notes.Note("calls", $"{where} {context.InterfaceName}.{context.MethodName}: {whose}{who?.GrainId}");
            return context.Invoke();
        };
    }

    [Theory]
    [MemberData(nameof(Owners))]
    public async Task What_the_observers_host_filters_arrives_at_the_grain(int owner)
    {
        var (speaker, listener, reference) = await MeetAsync(owner);
        cluster.Scripts[owner].On(FilterNames.Incoming[0], reference.GetGrainId(), async context =>
        {
            if (context.MethodName == nameof(IListener.AskInVain))
                throw new ShelfException("not at home");
            await context.Invoke();
            context.Result = $"{context.Result}, overheard";
        });

        Assert.Equal(["listener: who?, overheard"], await speaker.AskAll("who?"));
        Assert.Equal("not at home", (await Assert.ThrowsAsync<ShelfException>(() => speaker.AskInVain("why?"))).Message);
        End(owner, reference, listener);
    }

    [Theory]
    [MemberData(nameof(Owners))]
    public async Task A_call_that_is_lost_on_its_way_to_an_observer_ends_with_the_grains_time(int owner)
    {
        var (speaker, listener, reference) = await MeetAsync(owner);
        var gate = new Gate();
        cluster.Scripts[owner].On(FilterNames.Incoming[0], reference.GetGrainId(), async context =>
        {
            await gate.PassAsync();
            await context.Invoke();
        });

        Assert.Equal(nameof(TimeoutException), await speaker.AskBriefly("who?"));

        gate.Open();
        Assert.Equal(["listener: who?"], await speaker.AskAll("who?"));
        End(owner, reference, listener);
    }

    [Theory]
    [MemberData(nameof(Owners))]
    public async Task News_can_be_delayed_at_the_grains_silo(int owner)
    {
        var (speaker, listener, reference) = await MeetAsync(owner);
        var gate = new Gate();
        cluster.Scripts[1].On(FilterNames.Outgoing[0], reference.GetGrainId(), async context =>
        {
            await gate.PassAsync();
            await context.Invoke();
        });

        var telling = speaker.TellAll("news");
        await gate.Arrived;
        Assert.Empty(listener.Heard);
        gate.Open();

        await telling;
        await Until.TrueAsync(() => listener.Heard.Contains("news"), () => "the news");
        End(owner, reference, listener);
    }

    private async Task<(ISpeakerGrain Speaker, Listener Listener, IListener Reference)> MeetAsync(int owner)
    {
        var listener = new Listener("listener");
        var reference = cluster.Factories[owner].CreateObjectReference<IListener>(listener);
        var speaker = cluster.Client.GetGrain<ISpeakerGrain>(TestClusterFixture.NewKeyOn(cluster.Cluster.Silos[0]));
        await speaker.Add(reference);
        return (speaker, listener, reference);
    }

    private void End(int owner, IListener reference, Listener listener)
    {
        cluster.Factories[owner].DeleteObjectReference<IListener>(reference);
        GC.KeepAlive(listener);
    }
}

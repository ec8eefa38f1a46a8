using OrleansCache.Engine.Tests.Errors;
using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Observers;

/// <summary>A grain calls objects outside of the grains.</summary>
[Collection(TwoSilosCollection.Name)]
public sealed class ObserverTests(TwoSilos cluster)
{
    /// <summary>Whose object it is: the client's, one of the grain's silo, one of the other silo.</summary>
    public static TheoryData<int> Owners => [0, 1, 2];

    [Theory]
    [MemberData(nameof(Owners))]
    public async Task A_grain_awaits_an_observers_answer(int owner)
    {
        var listener = new Listener("client");
        var factory = Factory(owner);
        var reference = factory.CreateObjectReference<IListener>(listener);
        var speaker = Speaker();
        await speaker.Add(reference);

        Assert.Equal(["client: who?"], await speaker.AskAll("who?"));

        factory.DeleteObjectReference<IListener>(reference);
        GC.KeepAlive(listener);
    }

    [Theory]
    [MemberData(nameof(Owners))]
    public async Task An_observers_error_arrives(int owner)
    {
        var listener = new Listener("client");
        var factory = Factory(owner);
        var reference = factory.CreateObjectReference<IListener>(listener);
        var speaker = Speaker();
        await speaker.Add(reference);

        var error = await Assert.ThrowsAsync<ShelfException>(() => speaker.AskInVain("why?"));

        Assert.Equal("why?", error.Message);
        Assert.Equal("client", error.Shelf);
        factory.DeleteObjectReference<IListener>(reference);
        GC.KeepAlive(listener);
    }

    [Fact]
    public async Task Observers_of_one_client_are_told_apart_and_equal_themselves()
    {
        var listeners = new[] { new Listener("a"), new Listener("b"), new Listener("c") };
        var references = listeners.Select(listener => cluster.Client.CreateObjectReference<IListener>(listener)).ToArray();
        var speaker = Speaker();
        foreach (var reference in references)
            await speaker.Add(reference);

        Assert.True(await speaker.Remove(references[1]));
        Assert.False(await speaker.Remove(references[1]));

        Assert.Equal(["a: who?", "c: who?"], await speaker.AskAll("who?"));
        foreach (var reference in references)
            cluster.Client.DeleteObjectReference<IListener>(reference);
        GC.KeepAlive(listeners);
    }

    [Fact]
    public async Task An_observer_hears_what_it_is_told_one_way()
    {
        var listener = new Listener("a");
        var reference = cluster.Client.CreateObjectReference<IListener>(listener);
        var speaker = Speaker();
        await speaker.Add(reference);

        await speaker.TellAll("news");

        await Until.TrueAsync(() => listener.Heard.Contains("news"), () => "the news");
        cluster.Client.DeleteObjectReference<IListener>(reference);
    }

    [Theory]
    [MemberData(nameof(Owners))]
    public async Task A_deleted_observer_is_not_called_any_more(int owner)
    {
        var listener = new Listener("client");
        var factory = Factory(owner);
        var reference = factory.CreateObjectReference<IListener>(listener);
        var speaker = Speaker();
        await speaker.Add(reference);
        Assert.Equal("client: who?", await speaker.AskBriefly("who?"));

        factory.DeleteObjectReference<IListener>(reference);
        var outcome = await speaker.AskBriefly("still there?");

        Assert.Equal(nameof(TimeoutException), outcome);
        await speaker.TellAll("news");
        Assert.Empty(listener.Heard);
    }

    private IGrainFactory Factory(int owner) => owner == 0 ? cluster.Client : TestClusterFixture.Factory(cluster.Cluster.Silos[owner - 1]);

    private ISpeakerGrain Speaker() => cluster.Client.GetGrain<ISpeakerGrain>(TestClusterFixture.NewKeyOn(cluster.Cluster.Silos[0]));
}

using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Errors;

/// <summary>What a caller learns of an error in a grain.</summary>
[Collection(TwoSilosCollection.Name)]
public sealed class ExceptionTests(TwoSilos cluster)
{
    /// <summary>From the client, the grain's silo and the other silo.</summary>
    public static TheoryData<int> Callers => [0, 1, 2];

    [Theory]
    [MemberData(nameof(Callers))]
    public async Task A_sendable_exception_keeps_type_message_and_data(int caller)
    {
        var error = await Assert.ThrowsAsync<ShelfException>(() => Faulty(caller).ThrowOwn("no such book", "A7", 3));

        Assert.Equal("no such book", error.Message);
        Assert.Equal("A7", error.Shelf);
        Assert.Equal(3, error.Row);
        Assert.Equal("a note", error.Data["note"]);
        Assert.Equal("the cause", Assert.IsType<InvalidOperationException>(error.InnerException).Message);
        Assert.Contains(nameof(FaultyGrain.ThrowOwn), error.StackTrace, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Callers))]
    public async Task An_exception_thrown_before_the_first_await_arrives_too(int caller) =>
        Assert.Equal("at once", (await Assert.ThrowsAsync<ShelfException>(() => Faulty(caller).ThrowAtOnce("at once").AsTask())).Message);

    [Theory]
    [MemberData(nameof(Callers))]
    public async Task An_exception_of_the_framework_keeps_type_and_message(int caller) =>
        Assert.Equal("not here", (await Assert.ThrowsAsync<KeyNotFoundException>(() => Faulty(caller).ThrowFrameworks("not here"))).Message);

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task An_exception_that_cannot_be_sent_arrives_as_a_substitute_that_names_it(int caller)
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => Faulty(caller).ThrowUnsendable("secret"));

        Assert.IsNotType<UnsendableException>(error);
        Assert.Contains(nameof(UnsendableException), error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exception_passes_through_a_grain_between()
    {
        var silos = cluster.Cluster.Silos;
        var between = cluster.Client.GetGrain<IFaultyGrain>(TestClusterFixture.NewKeyOn(silos[0]));

        var error = await Assert.ThrowsAsync<ShelfException>(() => between.ThrowThrough(TestClusterFixture.NewKeyOn(silos[1])));

        Assert.Equal("through", error.Message);
    }

    [Fact]
    public async Task A_grain_goes_on_after_an_error()
    {
        var grain = Faulty(0);
        await Assert.ThrowsAsync<ShelfException>(() => grain.ThrowOwn("x", "y", 1));
        await Assert.ThrowsAnyAsync<Exception>(() => grain.ThrowUnsendable("x"));

        Assert.True(await grain.Works());
    }

    private IFaultyGrain Faulty(int caller)
    {
        var silos = cluster.Cluster.Silos;
        IGrainFactory[] callers = [cluster.Client, TestClusterFixture.Factory(silos[0]), TestClusterFixture.Factory(silos[1])];
        return callers[caller].GetGrain<IFaultyGrain>(TestClusterFixture.NewKeyOn(silos[0]));
    }
}

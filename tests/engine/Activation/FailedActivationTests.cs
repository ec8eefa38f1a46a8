using OrleansCache.Engine.Tests.Errors;
using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Activation;

/// <summary>An activation that fails is told to whoever called, and tried again for the next call.</summary>
[Collection(TwoSilosCollection.Name)]
public sealed class FailedActivationTests(TwoSilos cluster)
{
    [Fact]
    public async Task The_error_reaches_the_caller_and_a_later_call_tries_again()
    {
        var key = TestClusterFixture.NewKey();
        var grain = cluster.Client.GetGrain<IReluctantGrain>(key);

        var error = await Assert.ThrowsAsync<ShelfException>(() => grain.Answers());
        Assert.Equal("not today", error.Message);
        Assert.Equal("A7", error.Shelf);

        cluster.Stage.Note(key, "today");
        await Until.TrueAsync(
            async () =>
            {
                try
                {
                    return await grain.Answers();
                }
                catch (ShelfException)
                {
                    // An engine may hold back the next try for a while, answering with the last error.
                    return false;
                }
            },
            () => "an answer once the activation can succeed");
    }
}

using OrleansCache.Proof.Histories;

namespace OrleansCache.Proof.Checking;

public sealed class HistoryTests
{
    [Fact]
    public void A_call_is_recorded_with_its_start_end_and_outcome()
    {
        var history = new History(TimeProvider.System);
        var before = history.Now;

        var open = history.Begin("a", "book", CallKind.Put, "x", 3);
        open.End(new Outcome.Acked(new(4, "x")));
        open.End(new Outcome.Failed());

        var call = Assert.Single(history.Calls());
        Assert.Equal(
            new Call("a", "book", CallKind.Put, call.Start, call.End, new Outcome.Acked(new(4, "x"))) { Edit = "x", Expected = 3 }, call);
        Assert.True(before <= call.Start && call.Start <= call.End && call.End <= history.Now);
    }

    [Fact]
    public void A_call_that_never_ended_has_an_unknown_outcome()
    {
        var history = new History(TimeProvider.System);
        history.Begin("a", "book", CallKind.Put, "x");

        Assert.IsType<Outcome.Unknown>(Assert.Single(history.Calls()).Outcome);
    }

    [Fact]
    public async Task Many_threads_record_at_once()
    {
        var history = new History(TimeProvider.System);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(client => Task.Run(() =>
        {
            for (var i = 0; i < 1000; i++)
                history.Begin($"{client}", "book", CallKind.Read).End(new Outcome.Saw(Identity.Never, null));
        })));

        var calls = history.Calls();
        Assert.Equal(8000, calls.Count);
        Assert.Equal(calls.OrderBy(call => call.Start), calls);
        Assert.All(calls, call => Assert.IsType<Outcome.Saw>(call.Outcome));
    }

    [Fact]
    public void An_answer_with_a_book_tells_its_version() =>
        Assert.Throws<ArgumentException>(() => new Outcome.Saw(null, "x"));
}

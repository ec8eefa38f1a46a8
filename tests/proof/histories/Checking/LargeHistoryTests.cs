using System.Diagnostics;
using OrleansCache.Proof.Histories;

namespace OrleansCache.Proof.Checking;

/// <summary>The history of a busy cluster's minute is checked within seconds.</summary>
public sealed class LargeHistoryTests(ITestOutputHelper output)
{
    [Fact]
    public void A_hundred_thousand_calls_are_checked()
    {
        // Five books, each with 20 clients that make 1000 calls of up to 20 ms.
        List<Call> calls = [.. Enumerable.Range(0, 5).SelectMany(book => AtomicBook.Lived((ulong)book, 20, 1000, 20, $"book::{book}"))];

        var watch = Stopwatch.StartNew();
        var verdict = Verdict.On(calls, Written.Lease);
        output.WriteLine($"{watch.Elapsed.TotalMilliseconds:0} ms: {verdict}");

        Assert.True(verdict.Holds, verdict.ToString());
    }

    [Fact]
    public void One_stale_answer_among_them_is_found()
    {
        var calls = AtomicBook.Lived(1, 20, 1000, 20).ToList();
        var old = calls.Find(call => call.Outcome is Outcome.Saw { Flag: null, Content: not null })!;
        var index = calls.FindLastIndex(call => call.Outcome is Outcome.Saw { Flag: null, Content: not null });
        calls[index] = calls[index] with { Outcome = old.Outcome };

        var verdict = Verdict.On(calls, Written.Lease);
        output.WriteLine(verdict.ToString());

        Assert.Equal(3, verdict.Violations.Count);
        Assert.All(verdict.Violations, violation => Assert.Contains(calls[index], violation.Calls));
    }
}

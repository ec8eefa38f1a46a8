using System.Collections.Concurrent;

namespace OrleansCache.Proof.Histories;

/// <summary>
/// Records calls, from any thread, without a lock. Times are those of the machine's monotonic clock, so histories of several processes on
/// one machine can be merged.
/// </summary>
public sealed class History(TimeProvider time)
{
    private readonly ConcurrentQueue<OpenCall> _calls = new();

    /// <summary>The current time on the history's clock.</summary>
    public TimeSpan Now => time.GetElapsedTime(0, time.GetTimestamp());

    /// <summary>Begins a call.</summary>
    public OpenCall Begin(string client, string book, CallKind kind, string? edit = null, long? expected = null)
    {
        var now = Now;
        return Add(new Call(client, book, kind, now, now, new Outcome.Unknown()) { Edit = edit, Expected = expected });
    }

    /// <summary>The calls so far, by their start. A call that is still open ends now, with an unknown outcome.</summary>
    public IReadOnlyList<Call> Calls()
    {
        var now = Now;
        return [.. _calls.Select(call => call.At(now)).OrderBy(call => call.Start)];
    }

    private OpenCall Add(Call begun)
    {
        var open = new OpenCall(this, begun);
        _calls.Enqueue(open);
        return open;
    }
}

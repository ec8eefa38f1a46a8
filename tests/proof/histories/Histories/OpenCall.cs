namespace OrleansCache.Proof.Histories;

/// <summary>
/// A call that has begun. Until it is ended it counts as one whose outcome is unknown, so that a client that dies loses nothing.
/// </summary>
public sealed class OpenCall
{
    private readonly History _history;
    private readonly Call _begun;
    private Call? _ended;

    internal OpenCall(History history, Call begun) => (_history, _begun) = (history, begun);

    /// <summary>Ends it, now. A second end is not heard.</summary>
    public void End(Outcome outcome) =>
        Interlocked.CompareExchange(ref _ended, _begun with { End = _history.Now, Outcome = outcome }, null);

    internal Call At(TimeSpan now) => Volatile.Read(ref _ended) ?? _begun with { End = now };
}

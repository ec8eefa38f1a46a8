namespace OrleansCache.Proof.Histories;

/// <summary>
/// A call that has begun. Until it ends its outcome counts as unknown, so that the calls of a killed client are not lost.
/// </summary>
public sealed class OpenCall
{
    private readonly History _history;
    private readonly Call _begun;
    private Call? _ended;

    internal OpenCall(History history, Call begun) => (_history, _begun) = (history, begun);

    /// <summary>Ends the call now. Only the first end counts.</summary>
    public void End(Outcome outcome) =>
        Interlocked.CompareExchange(ref _ended, _begun with { End = _history.Now, Outcome = outcome }, null);

    internal Call At(TimeSpan now) => Volatile.Read(ref _ended) ?? _begun with { End = now };
}

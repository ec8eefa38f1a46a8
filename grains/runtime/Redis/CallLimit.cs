namespace OrleansCache.Redis;

/// <summary>Counts the calls that are under way on a connection, those included that nobody waits for any more.</summary>
internal sealed class CallLimit(int most)
{
    private int _underWay;
    private int _abandoned;

    /// <summary>Whether a call has been given up that the connection still has.</summary>
    public bool HasAbandoned => Volatile.Read(ref _abandoned) > 0;

    public int UnderWay => Volatile.Read(ref _underWay);

    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _underWay) <= most)
            return true;
        Interlocked.Decrement(ref _underWay);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _underWay);

    /// <summary>Keeps the call's place until its task has ended, and sees to its exception.</summary>
    public void Abandon(Task call)
    {
        Interlocked.Increment(ref _abandoned);
        _ = call.ContinueWith(
            static (ended, state) =>
            {
                _ = ended.Exception;
                var limit = (CallLimit)state!;
                Interlocked.Decrement(ref limit._abandoned);
                limit.Leave();
            },
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }
}

namespace OrleansCache.Entries;

/// <summary>
/// The keys that a holder has not any more and that its granter does not know of yet. Messages with them are numbered, and each request
/// names the last one that was sent before it: so the granter can tell whether the holder has asked for a key again since. Bounded: a key
/// that finds no place is not released, which costs one superfluous revocation. Changed under the table's lock.
/// </summary>
/// <param name="numbers">The numbers of the messages.</param>
/// <param name="most">How many keys it has room for.</param>
internal sealed class ReleaseQueue(ReleaseNumbers numbers, int most = ReleaseQueue.Most)
{
    private const int Most = 16_384;

    private readonly Queue<string> _keys = new();

    /// <summary>The number of the last message; 0 before the first. A request reads it after the revocation epoch of its key.</summary>
    public long Sent => numbers.Sent;

    internal void Add(string key)
    {
        if (_keys.Count < most)
            _keys.Enqueue(key);
    }

    internal bool TryTake(out string? key) => _keys.TryDequeue(out key);

    internal long Advance() => numbers.Advance();
}

/// <summary>
/// Numbers messages about released keys. A client has one sequence for all silos, since a request does not know which silo will answer it:
/// a granter only compares numbers, and gaps do no harm.
/// </summary>
internal sealed class ReleaseNumbers
{
    private long _sent;

    /// <summary>The number of the last message; 0 before the first.</summary>
    public long Sent => Volatile.Read(ref _sent);

    internal long Advance() => Interlocked.Increment(ref _sent);
}

using OrleansCache.Entries;

namespace OrleansCache.Leases;

/// <summary>A client that has joined, so that its near cache gets leases. Safe for concurrent use.</summary>
/// <param name="id">The client's id, new for each of its processes.</param>
/// <param name="observer">Where its revocations are sent.</param>
/// <param name="now">The current moment, in milliseconds of the clock.</param>
internal sealed class NearClient(Guid id, INearObserver observer, long now)
{
    private volatile INearObserver _observer = observer;
    private volatile Holder<Guid>? _holder;
    private long _lastSeen = now;

    public Guid Id => id;

    public INearObserver Observer
    {
        get => _observer;
        set => _observer = value;
    }

    /// <summary>The client as a holder; null before it is first registered for something.</summary>
    public Holder<Guid>? Holder
    {
        get => _holder;
        set => _holder = value;
    }

    /// <summary>When it was last heard of, in milliseconds of the clock.</summary>
    public long LastSeen
    {
        get => Volatile.Read(ref _lastSeen);
        set => Volatile.Write(ref _lastSeen, value);
    }

    /// <summary>Ends the client's use of entries; completes with its acknowledgement.</summary>
    public async Task<bool> RevokeAsync(string[] books)
    {
        await Observer.RevokeAsync(books);
        return true;
    }

    /// <summary>Ends the client's volume leases from a silo; completes with its acknowledgement.</summary>
    public async Task<bool> EndAsync(string silo, int? slot, long below)
    {
        await Observer.EndLeasesAsync(silo, slot, below);
        return true;
    }
}

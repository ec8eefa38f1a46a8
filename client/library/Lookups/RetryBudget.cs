namespace OrleansCache.Client;

/// <summary>
/// How many requests may be sent a second time because the first one is silent. Silence has two causes that look the same: a silo is lost,
/// and few requests are concerned for a short time; or the cluster is slow, and sending everything twice makes it slower. So hedged
/// requests are paid for by lookups (the retry budget of Twitter's Finagle, com.twitter.finagle.service.RetryBudget, with its default
/// values): over the last ten seconds, at most 20% of the lookups, and ten per second for clients that look up little.
/// </summary>
internal sealed class RetryBudget(TimeProvider time)
{
    /// <summary>The part of the lookups that may be sent again: a fifth more load is what a cluster must be able to carry.</summary>
    public const double Ratio = 0.2;

    /// <summary>What may be sent again per second in any case; less than any cluster notices.</summary>
    public const int PerSecond = 10;

    /// <summary>
    /// How long what was not used counts. Long enough to save up for half of a region's silos being silent until the cluster has
    /// noticed, about three seconds.
    /// </summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly SlidingSum _lookups = new(Window, time);
    private readonly SlidingSum _spent = new(Window, time);

    /// <summary>Notes a lookup, which pays for a part of a further request.</summary>
    public void NoteLookup()
    {
        lock (_gate)
            _lookups.Add(1);
    }

    /// <summary>Takes one request out of the budget; false when it is empty.</summary>
    public bool TryTake()
    {
        lock (_gate)
        {
            if (_spent.Total + 1 > (Ratio * _lookups.Total) + (PerSecond * Window.TotalSeconds))
                return false;
            _spent.Add(1);
            return true;
        }
    }
}

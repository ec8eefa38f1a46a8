using System.Collections.Concurrent;

namespace OrleansCache.Tests.Clusters;

/// <summary>A near cache that holds nothing and records what silos revoke.</summary>
internal sealed class RevokedKeys : INearObserver
{
    /// <summary>The keys, and a sentence for each end of leases.</summary>
    public ConcurrentBag<string> All { get; } = [];

    public Task RevokeAsync(string[] books)
    {
        foreach (var book in books)
            All.Add(book);
        return Task.CompletedTask;
    }

    public Task EndLeasesAsync(string silo, int? slot, long below)
    {
        All.Add(slot is null ? $"all of {silo}" : $"slot {slot} of {silo}");
        return Task.CompletedTask;
    }
}

using System.Collections.Frozen;
using Microsoft.Extensions.Options;

namespace OrleansCache.Client;

/// <summary>
/// What is known of each region, and the attempts that are left when their lookups have been answered from elsewhere: they go on
/// until their budgets have passed, because only so it is seen whether a region in doubt answers again.
/// </summary>
internal sealed class RegionHealthMap(RegionMap regions, IOptions<CacheClientOptions> settings, TimeProvider time) : IAsyncDisposable
{
    private readonly FrozenDictionary<string, RegionHealth> _regions =
        regions.Names.ToFrozenDictionary(name => name, _ => new RegionHealth(settings.Value.AttemptBudget, time));

    private readonly HashSet<Task> _left = [];

    /// <summary>How many attempts are left.</summary>
    public int Left
    {
        get
        {
            lock (_left)
                return _left.Count;
        }
    }

    /// <summary>Whether no region is in doubt.</summary>
    public bool AreAllTrusted
    {
        get
        {
            foreach (var health in _regions.Values)
            {
                if (health.IsDoubted)
                    return false;
            }

            return true;
        }
    }

    public RegionHealth Of(string region) => _regions[region];

    /// <summary>Takes over an attempt that its lookup does not wait for any more.</summary>
    public void TakeOver(Task attempt)
    {
        lock (_left)
            _left.Add(attempt);
        _ = attempt.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Waits for the attempts that are left; no longer than a lookup may take.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] left;
        lock (_left)
            left = [.. _left];
        await Task.WhenAll(left).ConfigureAwait(false);
    }

    private void Forget(Task attempt)
    {
        lock (_left)
            _left.Remove(attempt);
    }
}

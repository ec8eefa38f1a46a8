using System.Collections.Frozen;
using Microsoft.Extensions.Options;

namespace OrleansCache.Client;

/// <summary>
/// The health of each region, and the attempts that are still open after their lookups have been answered from elsewhere: they go on until
/// their soft timeouts, because only they show whether a suspect region answers again.
/// </summary>
internal sealed class RegionHealthMap(RegionMap regions, IOptions<CacheClientOptions> clientOptions, TimeProvider time) : IAsyncDisposable
{
    private readonly FrozenDictionary<string, RegionHealth> _regions =
        regions.Names.ToFrozenDictionary(name => name, _ => new RegionHealth(clientOptions.Value.AttemptBudget, time));

    private readonly HashSet<Task> _open = [];

    /// <summary>The number of attempts that are open without a lookup.</summary>
    public int Open
    {
        get
        {
            lock (_open)
                return _open.Count;
        }
    }

    /// <summary>Whether no region is suspect.</summary>
    public bool AreAllHealthy
    {
        get
        {
            foreach (var health in _regions.Values)
            {
                if (health.IsSuspect)
                    return false;
            }

            return true;
        }
    }

    public RegionHealth Of(string region) => _regions[region];

    /// <summary>Takes over an attempt whose lookup has ended.</summary>
    public void TakeOver(Task attempt)
    {
        lock (_open)
            _open.Add(attempt);
        _ = attempt.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Waits for the open attempts, none of which takes longer than a lookup.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] open;
        lock (_open)
            open = [.. _open];
        await Task.WhenAll(open).ConfigureAwait(false);
    }

    private void Forget(Task attempt)
    {
        lock (_open)
            _open.Remove(attempt);
    }
}

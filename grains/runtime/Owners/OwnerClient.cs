using Microsoft.Extensions.Options;
using OrleansCache.Configuration;
using OrleansCache.Entries;

namespace OrleansCache.Owners;

/// <summary>
/// Calls owners, and distinguishes an unreachable owner from one that waits for a slow catalog:
/// <list type="number">
/// <item>An owner that does not respond within the soft timeout is pinged, once for all callers that wait for it.</item>
/// <item>If it responds to the ping, callers wait until the hard timeout, so that a slow catalog is still read once.</item>
/// <item>If it does not, it counts as unreachable for a while: calls to it fail at once.</item>
/// </list>
/// </summary>
internal sealed class OwnerClient(IGrainFactory grains, IOptions<CacheOptions> options, Clock clock)
{
    private readonly CacheOptions _settings = options.Value;
    private readonly Lock _gate = new();
    private readonly Dictionary<int, Task<bool>> _probes = [];
    private readonly Dictionary<int, long> _silentUntil = [];

    /// <summary>Acquires a lease from the owner of a slot.</summary>
    /// <exception cref="TimeoutException">The owner does not respond; the message says for how long.</exception>
    public async Task<LeaseGrant> AcquireAsync(int slot, LeaseRequest request)
    {
        if (IsSilent(slot))
            throw new TimeoutException($"it did not respond within the last {OwnerTimeouts.Unreachable.TotalSeconds:0} s");
        using var budget = new CancellationTokenSource(_settings.OwnerBudget, clock.TimeProvider);
        var load = Owner(slot).AcquireAsync(request, budget.Token).AsTask();
        try
        {
            await ((Task)load).WaitAsync(_settings.OwnerPatience, clock.TimeProvider)
                .ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
            if (!load.IsCompleted && !await IsAliveAsync(slot))
                throw new TimeoutException($"it did not respond to a ping within {2 * _settings.OwnerPatience.TotalMilliseconds:N0} ms");
            return await load.WaitAsync(budget.Token);
        }
        catch (OperationCanceledException) when (budget.IsCancellationRequested)
        {
            throw new TimeoutException($"it did not respond within {_settings.OwnerBudget.TotalMilliseconds:N0} ms");
        }
        finally
        {
            if (!load.IsCompleted)
                Abandon(load, budget);
        }
    }

    private bool IsSilent(int slot)
    {
        lock (_gate)
            return _silentUntil.TryGetValue(slot, out var until) && clock.Now < until;
    }

    private Task<bool> IsAliveAsync(int slot)
    {
        lock (_gate)
            return _probes.TryGetValue(slot, out var probe) ? probe : _probes[slot] = Task.Run(() => ProbeAsync(slot));
    }

    private async Task<bool> ProbeAsync(int slot)
    {
        var isAlive = false;
        try
        {
            await Owner(slot).PingAsync().WaitAsync(_settings.OwnerPatience, clock.TimeProvider);
            isAlive = true;
        }
        catch (Exception)
        {
            // Whatever the reason, the owner is unreachable.
            isAlive = false;
        }

        lock (_gate)
        {
            _probes.Remove(slot);
            if (isAlive)
                _silentUntil.Remove(slot);
            else
                _silentUntil[slot] = clock.Now + (long)OwnerTimeouts.Unreachable.TotalMilliseconds;
        }

        return isAlive;
    }

    private static void Abandon(Task load, CancellationTokenSource budget)
    {
        budget.Cancel();
        load.ContinueWith(
            static ended => _ = ended.Exception,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously | TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default);
    }

    private IOwnerGrain Owner(int slot) => grains.GetGrain<IOwnerGrain>(OwnerGrain.KeyOf(slot));
}

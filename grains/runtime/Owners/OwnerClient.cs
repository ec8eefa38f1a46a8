using Microsoft.Extensions.Options;
using OrleansCache.Configuration;
using OrleansCache.Entries;

namespace OrleansCache.Owners;

/// <summary>
/// Asks owners, and tells one that cannot be reached from one that waits for a slow catalog:
/// 1. an owner that has not answered within its patience is asked whether it is there, once for all who wait for it;
/// 2. one that says so is waited for through the whole budget, so that a slow catalog is still read once;
/// 3. one that does not is given up for a while: whoever needs it meanwhile learns so at once.
/// </summary>
internal sealed class OwnerClient(IGrainFactory grains, IOptions<CacheOptions> options, Clock clock)
{
    // A dead silo is declared so within a few seconds; until then one load a second tries each slot.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    private readonly CacheOptions _settings = options.Value;
    private readonly Lock _gate = new();
    private readonly Dictionary<int, Task<bool>> _probes = [];
    private readonly Dictionary<int, long> _silentUntil = [];

    /// <summary>Asks the owner of a slot for a lease.</summary>
    /// <exception cref="TimeoutException">The owner does not answer; the message says how long it was waited for.</exception>
    public async Task<LeaseGrant> AcquireAsync(int slot, LeaseRequest request)
    {
        if (IsSilent(slot))
            throw new TimeoutException($"it did not answer within the last {Silence.TotalSeconds:0} s");
        using var budget = new CancellationTokenSource(_settings.OwnerBudget, clock.TimeProvider);
        var load = Owner(slot).AcquireAsync(request, budget.Token).AsTask();
        try
        {
            await ((Task)load).WaitAsync(_settings.OwnerPatience, clock.TimeProvider).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
            if (!load.IsCompleted && !await IsAliveAsync(slot))
                throw new TimeoutException($"it did not say within {2 * _settings.OwnerPatience.TotalMilliseconds:N0} ms that it is there");
            return await load.WaitAsync(budget.Token);
        }
        catch (OperationCanceledException) when (budget.IsCancellationRequested)
        {
            throw new TimeoutException($"it did not answer within {_settings.OwnerBudget.TotalMilliseconds:N0} ms");
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
            // Whatever the reason is, it is not there.
            isAlive = false;
        }

        lock (_gate)
        {
            _probes.Remove(slot);
            if (isAlive)
                _silentUntil.Remove(slot);
            else
                _silentUntil[slot] = clock.Now + (long)Silence.TotalMilliseconds;
        }

        return isAlive;
    }

    private static void Abandon(Task load, CancellationTokenSource budget)
    {
        budget.Cancel();
        load.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously | TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    private IOwnerGrain Owner(int slot) => grains.GetGrain<IOwnerGrain>(OwnerGrain.KeyOf(slot));
}

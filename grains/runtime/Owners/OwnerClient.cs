using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using OrleansCache.Configuration;
using OrleansCache.Entries;
using OrleansCache.Placement;
using OrleansCache.Timing;
using OrleansCache.Topology;

namespace OrleansCache.Owners;

/// <summary>
/// Calls owners, and distinguishes an unreachable owner from one that waits for a slow catalog:
/// <list type="number">
/// <item>An owner that does not respond within the soft timeout, which is the measured round trip and a slack, is pinged, once for all
/// callers that wait for it.</item>
/// <item>If it responds to the ping within as long again, callers wait until the hard timeout, so that a slow catalog is still read
/// once.</item>
/// <item>If it does not, it counts as unreachable for a while: calls to it fail at once. If its silo does not answer either, so do calls to
/// all owners there, until the silo answers (<see cref="SilentSilos"/>).</item>
/// <item>An owner whose silo has answered anybody since it was called is alive, however busy: nobody pings it, or gives it up for a ping
/// that is late like everything else there, and it has twice the hard timeout.</item>
/// <item>A call that is not delivered is repeated within the same time.</item>
/// <item>An answer counts whenever it comes: that of the call while the owner is being pinged, and a late one of the ping for those who
/// call later.</item>
/// </list>
/// </summary>
internal sealed class OwnerClient(
    IGrainFactory grains, OwnerPlaces places, SilentSilos silent, RoundTrips roundTrips, IOptions<CacheOptions> options, Clock clock)
{
    private readonly CacheOptions _settings = options.Value;
    private readonly Lock _gate = new();
    private readonly Dictionary<int, Task<bool>> _probes = [];
    private readonly Dictionary<int, long> _silentUntil = [];

    // When a silo with owners was last heard of, in timestamps. Bounded: forgotten when there are very many.
    private readonly ConcurrentDictionary<SiloAddress, long> _heard = new();

    /// <summary>Acquires a lease from the owner of a slot.</summary>
    /// <exception cref="TimeoutException">The owner does not respond; the message says for how long.</exception>
    public async Task<LeaseGrant> AcquireAsync(int slot, LeaseRequest request)
    {
        if (IsSilent(slot))
            throw new TimeoutException($"it did not respond within the last {OwnerTimeouts.Unreachable.TotalSeconds:0} s");
        var known = places.Known(OwnerGrain.KeyOf(slot));
        if ((known ?? places.Of(OwnerGrain.KeyOf(slot))) is { } place && silent.Contains(place.Address))
            throw new TimeoutException($"its silo {place.Name} does not respond");
        var (soft, hard) = Timeouts(known?.Region);
        var began = clock.TimeProvider.GetTimestamp();
        using var budget = new CancellationTokenSource(2 * hard, clock.TimeProvider);
        var load = AcquireAsync(slot, request, budget.Token);
        try
        {
            await ((Task)load).WaitAsync(soft, clock.TimeProvider)
                .ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
            if (!load.IsCompleted && !WasHeard(known?.Address, began))
            {
                var isAlive = IsAliveAsync(slot, soft);
                await Task.WhenAny(load, isAlive);
                if (!load.IsCompleted && !await isAlive && !WasHeard(known?.Address, began))
                    throw new TimeoutException($"it did not respond to a ping within {2 * soft.TotalMilliseconds:N0} ms");
            }

            var since = clock.TimeProvider.GetTimestamp();
            await ((Task)load).WaitAsync(Rest(hard, began), clock.TimeProvider)
                .ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
            // If its silo has answered others lately, it has too much to do. Whoever went past it would only add to that, and get a flagged
            // answer.
            if (!load.IsCompleted && !WasHeard(known?.Address, since))
                throw new TimeoutException($"it did not respond within {hard.TotalMilliseconds:N0} ms");
            var grant = await load.WaitAsync(budget.Token);
            NoteHeard(known ?? places.Known(OwnerGrain.KeyOf(slot)));
            return grant;
        }
        catch (OperationCanceledException) when (budget.IsCancellationRequested)
        {
            throw new TimeoutException($"it did not respond within {2 * hard.TotalMilliseconds:N0} ms");
        }
        finally
        {
            if (!load.IsCompleted)
                Abandon(load, budget);
        }
    }

    /// <summary>
    /// Calls the owner; again when the call was not delivered, as while the owner's silo stops and its successor is activated elsewhere.
    /// </summary>
    private async Task<LeaseGrant> AcquireAsync(int slot, LeaseRequest request, CancellationToken budget)
    {
        while (true)
        {
            try
            {
                return await Owner(slot).AcquireAsync(request, budget);
            }
            catch (Exception error) when (error is OrleansException or StaleEpochException && !budget.IsCancellationRequested)
            {
                await Task.Delay(OwnerTimeouts.UndeliveredPause, clock.TimeProvider, budget);
            }
        }
    }

    /// <summary>
    /// The soft and the hard timeout: what the settings give the owner, and the way to it and back on top. Where it is not known, the
    /// directory first finds it, and may have to activate it.
    /// </summary>
    /// <param name="region">The region where the owner is; null when that is not known.</param>
    private (TimeSpan Soft, TimeSpan Hard) Timeouts(string? region)
    {
        var search = OwnerTimeouts.RoundTripsOfSearch * roundTrips.LongestWay();
        var hard = _settings.OwnerBudget + (region is null ? search : roundTrips.Way(region)) + roundTrips.Lag;
        if (!places.AreKnown.IsCompleted)
            return (hard, hard);
        var soft = region is null
            ? _settings.OwnerPatience + search
            : roundTrips.Patience(region, _settings.OwnerPatience, unmeasured: _settings.OwnerBudget);
        return (soft < hard ? soft : hard, hard);
    }

    private TimeSpan Rest(TimeSpan whole, long began) =>
        whole - clock.TimeProvider.GetElapsedTime(began) is { Ticks: > 0 } rest ? rest : TimeSpan.Zero;

    private bool WasHeard(SiloAddress? silo, long since) =>
        silo is not null && _heard.TryGetValue(silo, out var last) && last > since;

    private void NoteHeard(RegionalSilo? silo)
    {
        if (silo is null)
            return;
        _heard[silo.Address] = clock.TimeProvider.GetTimestamp();
        if (_heard.Count > OwnerTimeouts.MostHeard)
            _heard.Clear();
    }

    private bool IsSilent(int slot)
    {
        lock (_gate)
            return _silentUntil.TryGetValue(slot, out var until) && clock.Now < until;
    }

    private Task<bool> IsAliveAsync(int slot, TimeSpan timeout)
    {
        lock (_gate)
            return _probes.TryGetValue(slot, out var probe) ? probe : _probes[slot] = Task.Run(() => ProbeAsync(slot, timeout));
    }

    private async Task<bool> ProbeAsync(int slot, TimeSpan timeout)
    {
        var place = (places.Known(OwnerGrain.KeyOf(slot)) ?? places.Of(OwnerGrain.KeyOf(slot)))?.Address;
        var began = clock.TimeProvider.GetTimestamp();
        var ping = PingAsync(slot);
        var siloPing = place is null ? Task.CompletedTask : PingAsync(place);
        await ping.WaitAsync(timeout, clock.TimeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        bool isAlive;
        lock (_gate)
        {
            _probes.Remove(slot);
            // Whatever the reason is, without an answer the owner is unreachable.
            isAlive = ping.IsCompletedSuccessfully || WasHeard(place, began);
            if (!isAlive)
                _silentUntil[slot] = clock.Now + (long)OwnerTimeouts.Unreachable.TotalMilliseconds;
        }

        if (!isAlive && !siloPing.IsCompletedSuccessfully)
            silent.Add(place!, siloPing);
        ping.ObserveError();
        siloPing.ObserveError();
        return isAlive;
    }

    private async Task PingAsync(int slot)
    {
        await Owner(slot).PingAsync();
        lock (_gate)
            _silentUntil.Remove(slot);
    }

    // A call may throw before there is a task.
    private async Task PingAsync(SiloAddress silo) => await silent.PingAsync(silo);

    private static void Abandon(Task load, CancellationTokenSource budget)
    {
        budget.Cancel();
        load.ObserveError();
    }

    private IOwnerGrain Owner(int slot) => grains.GetGrain<IOwnerGrain>(OwnerGrain.KeyOf(slot));
}

using OrleansCache.Administration;
using OrleansCache.Entries;
using OrleansCache.Placement;
using OrleansCache.Timing;

namespace OrleansCache.Owners;

/// <summary>
/// The silos with owners from which nothing comes, as behind a cut: nobody waits for an owner there. Each of them is pinged in the
/// background until it answers or has left, so that no lookup is spent on finding out that it is back.
/// </summary>
internal sealed class SilentSilos(IGrainFactory grains, RegionalSilos silos, Clock clock) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SiloAddress, Task> _pinging = [];
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Whether a silo is silent.</summary>
    public bool Contains(SiloAddress silo)
    {
        lock (_gate)
            return _pinging.Count > 0 && _pinging.ContainsKey(silo);
    }

    /// <summary>Asks a silo whether it is there.</summary>
    public Task PingAsync(SiloAddress silo) => grains.GetGrain<ISiloGrain>(silo.ToParsableString()).PingAsync();

    /// <summary>Counts a silo as silent until it answers.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="ping">A ping that has not been answered yet.</param>
    public void Add(SiloAddress silo, Task ping)
    {
        lock (_gate)
        {
            if (!_pinging.ContainsKey(silo) && !_stopping.IsCancellationRequested)
                _pinging[silo] = Task.Run(() => PingUntilAnsweredAsync(silo, ping));
        }
    }

    /// <summary>Ends the pings.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] pinging;
        lock (_gate)
        {
            _stopping.Cancel();
            pinging = [.. _pinging.Values];
        }

        await Task.WhenAll(pinging);
    }

    private async Task PingUntilAnsweredAsync(SiloAddress silo, Task ping)
    {
        // An answer to any of them counts; the oldest are given up.
        var open = new Queue<Task>([ping]);
        try
        {
            while (!open.Any(one => one.IsCompletedSuccessfully) && silos.All.Any(known => known.Address.Equals(silo)))
            {
                await Task.Delay(OwnerTimeouts.SilentPing, clock.TimeProvider, _stopping.Token);
                open.Enqueue(StartPingAsync(silo));
                if (open.Count > OwnerTimeouts.SilentPings)
                    open.Dequeue().ObserveError();
            }
        }
        catch (OperationCanceledException)
        {
            // This silo stops.
        }
        finally
        {
            foreach (var one in open)
                one.ObserveError();
            // Whatever has ended the pings, the silo must not count as silent for ever.
            lock (_gate)
                _pinging.Remove(silo);
        }
    }

    // A call may throw before there is a task.
    private async Task StartPingAsync(SiloAddress silo) => await PingAsync(silo);
}

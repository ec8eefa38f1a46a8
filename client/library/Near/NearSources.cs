namespace OrleansCache.Client;

/// <inheritdoc cref="INearSources"/>
internal sealed class NearSources(RegionClients regions) : INearSources
{
    private readonly Lock _gate = new();

    // Orleans holds an observer weakly, so it would be gone before long if nobody else held it.
    private readonly Dictionary<string, (IGrainFactory Grains, NearObserver Observer, INearObserver Reference)> _observers = [];

    public async Task JoinAsync(string region, string silo, Guid client, Action<string[]> revoke, CancellationToken cancellation)
    {
        var grains = await regions.GrainsOfAsync(region, cancellation).ConfigureAwait(false);
        await grains.GetGrain<INearSource>(silo).JoinAsync(client, ReferenceFor(region, grains, revoke)).ConfigureAwait(false);
    }

    public async Task<TimeSpan[]> RenewAsync(string region, string silo, Guid client, HeldEntry[] held, CancellationToken cancellation)
    {
        var grains = await regions.GrainsOfAsync(region, cancellation).ConfigureAwait(false);
        return await grains.GetGrain<INearSource>(silo).RenewAsync(client, held).ConfigureAwait(false);
    }

    public async Task LeaveAsync(string region, string silo, Guid client, CancellationToken cancellation)
    {
        var grains = await regions.GrainsOfAsync(region, cancellation).ConfigureAwait(false);
        await grains.GetGrain<INearSource>(silo).LeaveAsync(client).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            foreach (var (grains, _, reference) in _observers.Values)
            {
                try
                {
                    grains.DeleteObjectReference<INearObserver>(reference);
                }
                catch (Exception)
                {
                    // A region's client that is gone has forgotten it already.
                }
            }

            _observers.Clear();
        }

        return ValueTask.CompletedTask;
    }

    private INearObserver ReferenceFor(string region, IGrainFactory grains, Action<string[]> revoke)
    {
        lock (_gate)
        {
            // A region's client may have been replaced, and its references with it.
            if (!_observers.TryGetValue(region, out var known) || known.Grains != grains)
            {
                var observer = new NearObserver(revoke);
                _observers[region] = known = (grains, observer, grains.CreateObjectReference<INearObserver>(observer));
            }

            return known.Reference;
        }
    }
}

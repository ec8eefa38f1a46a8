namespace OrleansCache.Client;

/// <summary>The silos that grant leases to this client, each called through the client of its own region.</summary>
internal interface INearSources : IAsyncDisposable
{
    /// <summary>Makes the client known to a silo; see <see cref="INearSource.JoinAsync"/>.</summary>
    /// <param name="region">The silo's region.</param>
    /// <param name="silo">Its address.</param>
    /// <param name="client">This client.</param>
    /// <param name="near">Where its revocations go; only touches memory.</param>
    /// <param name="cancellation">Cancels the call.</param>
    Task JoinAsync(string region, string silo, Guid client, INearRevocations near, CancellationToken cancellation);

    /// <summary>Renews volume leases; see <see cref="INearSource.RenewAsync"/>.</summary>
    Task<NearRenewal?> RenewAsync(
        string region, string silo, Guid client, Releases releases, long workedOff, CancellationToken cancellation);

    /// <summary>Has rows confirmed; see <see cref="INearSource.ConfirmAsync"/>.</summary>
    Task<NearConfirmation[]?> ConfirmAsync(
        string region, string silo, Guid client, HeldRow[] rows, long released, CancellationToken cancellation);

    /// <summary>Says that the client leaves; see <see cref="INearSource.LeaveAsync"/>.</summary>
    Task LeaveAsync(string region, string silo, Guid client, CancellationToken cancellation);
}

/// <inheritdoc cref="INearSources"/>
internal sealed class NearSources(RegionClients regions) : INearSources
{
    private readonly Lock _gate = new();

    // Orleans refers to an observer weakly: without this reference it would be collected.
    private readonly Dictionary<string, (IGrainFactory Grains, NearObserver Observer, INearObserver Reference)> _observers = [];

    public async Task JoinAsync(string region, string silo, Guid client, INearRevocations near, CancellationToken cancellation)
    {
        var grains = await regions.GrainsOfAsync(region, cancellation).ConfigureAwait(false);
        await grains.GetGrain<INearSource>(silo).JoinAsync(client, ReferenceFor(region, grains, near)).ConfigureAwait(false);
    }

    public async Task<NearRenewal?> RenewAsync(
        string region, string silo, Guid client, Releases releases, long workedOff, CancellationToken cancellation)
    {
        var grains = await regions.GrainsOfAsync(region, cancellation).ConfigureAwait(false);
        return await grains.GetGrain<INearSource>(silo).RenewAsync(client, releases, workedOff).ConfigureAwait(false);
    }

    public async Task<NearConfirmation[]?> ConfirmAsync(
        string region, string silo, Guid client, HeldRow[] rows, long released, CancellationToken cancellation)
    {
        var grains = await regions.GrainsOfAsync(region, cancellation).ConfigureAwait(false);
        return await grains.GetGrain<INearSource>(silo).ConfirmAsync(client, rows, released).ConfigureAwait(false);
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
                    // The region's client has been disposed of, and its references with it.
                }
            }

            _observers.Clear();
        }

        return ValueTask.CompletedTask;
    }

    private INearObserver ReferenceFor(string region, IGrainFactory grains, INearRevocations near)
    {
        lock (_gate)
        {
            // A region's client may have been replaced, and its references with it.
            if (!_observers.TryGetValue(region, out var known) || known.Grains != grains)
            {
                var observer = new NearObserver(near);
                _observers[region] = known = (grains, observer, grains.CreateObjectReference<INearObserver>(observer));
            }

            return known.Reference;
        }
    }
}

/// <summary>Takes what silos revoke. Returns when nothing of it is used any more.</summary>
internal interface INearRevocations
{
    /// <summary>Ends the use of entries.</summary>
    void Revoke(string[] keys);

    /// <summary>Ends volume leases; see <see cref="INearObserver.EndLeasesAsync"/>.</summary>
    void EndLeases(string silo, int? slot, long below);
}

/// <summary>Receives the revocations of silos.</summary>
/// <param name="near">Ends the use of entries at once; the silo gets its acknowledgement when it returns.</param>
internal sealed class NearObserver(INearRevocations near) : INearObserver
{
    public Task RevokeAsync(string[] books)
    {
        near.Revoke(books);
        return Task.CompletedTask;
    }

    public Task EndLeasesAsync(string silo, int? slot, long below)
    {
        near.EndLeases(silo, slot, below);
        return Task.CompletedTask;
    }
}

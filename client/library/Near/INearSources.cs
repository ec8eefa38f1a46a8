namespace OrleansCache.Client;

/// <summary>The silos that grant leases to this client, each reached through its own region's client.</summary>
internal interface INearSources : IAsyncDisposable
{
    /// <summary>Makes the client known to a silo; see <see cref="INearSource.JoinAsync"/>.</summary>
    /// <param name="region">The silo's region.</param>
    /// <param name="silo">Its address.</param>
    /// <param name="client">This client.</param>
    /// <param name="revoke">Ends the use of entries; only touches memory.</param>
    /// <param name="cancellation">Gives up.</param>
    Task JoinAsync(string region, string silo, Guid client, Action<string[]> revoke, CancellationToken cancellation);

    /// <summary>Renews leases; see <see cref="INearSource.RenewAsync"/>.</summary>
    Task<TimeSpan[]> RenewAsync(string region, string silo, Guid client, HeldEntry[] held, CancellationToken cancellation);

    /// <summary>Says that the client goes; see <see cref="INearSource.LeaveAsync"/>.</summary>
    Task LeaveAsync(string region, string silo, Guid client, CancellationToken cancellation);
}

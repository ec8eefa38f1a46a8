namespace OrleansCache.Client;

/// <summary>The owners of all slots, asked through a region's client.</summary>
internal interface IOwnerGrains
{
    /// <summary>Has the owner of a slot make edits; see <see cref="IOwnerGrain.EditAsync"/>.</summary>
    /// <param name="through">The region whose client is used; the owner may live in another.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="edits">The edits, all of that slot.</param>
    /// <param name="cancellation">Gives the wait up.</param>
    /// <exception cref="RegionUnavailableException">The region is not connected; nothing was sent.</exception>
    Task<EditResult[]> EditAsync(string through, int slot, Edit[] edits, CancellationToken cancellation);
}

using System.Globalization;

namespace OrleansCache.Client;

/// <summary>The owners of all slots, called through a region's client.</summary>
internal interface IOwnerGrains
{
    /// <summary>Waits a moment for a region that has never been connected.</summary>
    /// <exception cref="RegionUnavailableException">The region is not connected; nothing was sent.</exception>
    ValueTask ConnectAsync(string through, CancellationToken cancellation);

    /// <summary>Has the owner of a slot make edits; see <see cref="IOwnerGrain.EditAsync"/>.</summary>
    /// <param name="through">The region whose client is used; the owner may live in another one.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="edits">The edits, all of that slot.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="RegionUnavailableException">The region is not connected; nothing was sent.</exception>
    Task<EditResult[]> EditAsync(string through, int slot, Edit[] edits, CancellationToken cancellation);
}

/// <inheritdoc/>
internal sealed class OwnerGrains(RegionClients regions) : IOwnerGrains
{
    public async ValueTask ConnectAsync(string through, CancellationToken cancellation) =>
        _ = await regions.GrainsSoonAsync(through, cancellation).ConfigureAwait(false);

    public async Task<EditResult[]> EditAsync(string through, int slot, Edit[] edits, CancellationToken cancellation)
    {
        var grains = await regions.GrainsOfAsync(through, cancellation).ConfigureAwait(false);
        var owner = grains.GetGrain<IOwnerGrain>(slot.ToString(CultureInfo.InvariantCulture));
        return await owner.EditAsync(edits, cancellation).ConfigureAwait(false);
    }
}

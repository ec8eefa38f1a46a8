using System.Globalization;

namespace OrleansCache.Client;

/// <inheritdoc cref="IOwnerGrains"/>
internal sealed class OwnerGrains(RegionClients regions) : IOwnerGrains
{
    public async Task<EditResult[]> EditAsync(string through, int slot, Edit[] edits, CancellationToken cancellation)
    {
        var grains = await regions.GrainsOfAsync(through, cancellation).ConfigureAwait(false);
        return await grains.GetGrain<IOwnerGrain>(slot.ToString(CultureInfo.InvariantCulture)).EditAsync(edits, cancellation).ConfigureAwait(false);
    }
}

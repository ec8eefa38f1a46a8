using Orleans.Runtime.GrainDirectory;

namespace OrleansCache.Placement;

/// <summary>
/// Where owners belong, in the home region, or while that has no silo, in the next region of its fallback order; and where they are, which
/// is elsewhere until an owner has moved after silos have come or gone.
/// </summary>
/// <param name="silos">The silos.</param>
/// <param name="regions">The regions.</param>
/// <param name="addresses">What the directory has said of each owner.</param>
internal sealed class OwnerPlaces(RegionalSilos silos, RegionMap regions, IGrainDirectoryCache addresses)
{
    /// <summary>The type of owner grains.</summary>
    public const string GrainTypeName = "owner";

    private static readonly GrainType Owner = GrainType.Create(GrainTypeName);

    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Completes when all owners have been asked once, whether or not they have answered. Before, a call to an owner may have to wait until
    /// the directory has found it, which takes several round trips while a silo joins.
    /// </summary>
    public Task AreKnown => _known.Task;

    /// <summary>The first region that has a silo; null when none has.</summary>
    public string? Region => regions.OrderFrom(regions.Home).FirstOrDefault(region => silos.Of(region).Any());

    /// <summary>The silos of that region.</summary>
    public IEnumerable<RegionalSilo> Silos => Region is { } region ? silos.Of(region) : [];

    /// <summary>Completes <see cref="AreKnown"/>.</summary>
    public void NoteKnown() => _known.TrySetResult();

    /// <summary>The silo where an owner is; null when that is not known, so that a call to it waits for the directory.</summary>
    public RegionalSilo? Known(string owner) =>
        addresses.LookUp(GrainId.Create(Owner, IdSpan.Create(owner)), out var address, out _)
            ? silos.All.FirstOrDefault(silo => silo.Address.Equals(address.SiloAddress))
            : null;

    /// <summary>The silo where an owner belongs; null when no region has a silo.</summary>
    public RegionalSilo? Of(string owner) => Silos.ToArray() is { Length: > 0 } all ? RendezvousOrder.Pick(all, owner, rank: 1) : null;
}

using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Orleans.GrainDirectory;
using Orleans.Metadata;
using Orleans.Runtime.GrainDirectory;

namespace OrleansCache.Placement;

/// <summary>
/// Where grains live, without asking anybody, since whoever could be asked may be a continent away:
/// <list type="number">
/// <item>The place of a book grain follows from its key and the membership: <see cref="RendezvousOrder"/> among the silos of its region.
/// So a silo that joins or leaves moves the books that are its own, and no others. While silos do not agree on the membership, a book may
/// be active on two of them, which is harmless: the holder of a lease is the silo, and each activation asks the owner by itself.</item>
/// <item>A grain that is pinned to a silo names it in its key.</item>
/// <item>A stateless worker lives on the silo that calls it.</item>
/// <item>Owners and routers must be active once, so Orleans' directory places them. This is where the directory's answers are remembered;
/// without a time limit, so that no lookup waits for the directory again. Orleans removes those that turn out to be wrong, and ignores
/// those of dead silos.</item>
/// </list>
/// To Orleans it is the cache of grain addresses, which it consults before anything else, and the directory of the grains in 1 to 3, which
/// has nothing to add when the computation has failed: then their placement director says why.
/// </summary>
internal sealed class ComputedPlaces(
    IClusterMembershipService membership, ILocalSiloDetails silo, GrainPropertiesResolver properties)
    : IGrainDirectoryCache, IGrainDirectory
{
    /// <summary>The name of the directory.</summary>
    public const string Name = "computed";

    // Far more than there are owners and routers; grains of an application in the same silo may be more than any bound.
    private const int MaxRemembered = 10_000;

    private readonly ConcurrentDictionary<GrainType, Kind> _kinds = new();
    private readonly ConcurrentDictionary<GrainId, GrainAddress> _remembered = new();
    private volatile PlaceMap? _map;

    private enum Kind
    {
        Remembered,
        Book,
        Pinned,
        Local,
    }

    /// <inheritdoc/>
    public IEnumerable<(GrainAddress ActivationAddress, int Version)> KeyValues => _remembered.Values.Select(address => (address, 0));

    /// <inheritdoc/>
    public bool LookUp(GrainId key, [NotNullWhen(true)] out GrainAddress? result, out int version)
    {
        version = 0;
        var kind = KindOf(key.Type);
        if (kind is Kind.Remembered)
            return _remembered.TryGetValue(key, out result);
        var map = Current();
        var place = kind switch
        {
            Kind.Book => map.SiloOf(key.Key.AsSpan()),
            Kind.Pinned => map.Named(key.Key),
            _ => silo.SiloAddress,
        };
        result = place is null ? null : new() { GrainId = key, SiloAddress = place, MembershipVersion = map.Version };
        return result is not null;
    }

    /// <summary>Whether a key's book belongs to this silo now: whether it comes first in the key's order.</summary>
    public bool IsOwn(string key) => Current().IsFirst(silo.SiloAddress, KeyHash.Of(key));

    /// <inheritdoc/>
    public void AddOrUpdate(GrainAddress value, int version)
    {
        if (KindOf(value.GrainId.Type) is not Kind.Remembered)
            return;
        if (_remembered.Count >= MaxRemembered)
            _remembered.Clear();
        _remembered[value.GrainId] = value;
    }

    /// <inheritdoc/>
    public bool Remove(GrainId key) => _remembered.TryRemove(key, out _);

    /// <inheritdoc/>
    public bool Remove(GrainAddress key) =>
        // A late report about an earlier silo must not remove what was learnt since.
        _remembered.TryGetValue(key.GrainId, out var known) && Equals(known.SiloAddress, key.SiloAddress)
            && _remembered.TryRemove(KeyValuePair.Create(key.GrainId, known));

    /// <inheritdoc/>
    public void Clear() => _remembered.Clear();

    Task<GrainAddress?> IGrainDirectory.Lookup(GrainId grainId) => Task.FromResult<GrainAddress?>(null);

    Task<GrainAddress?> IGrainDirectory.Register(GrainAddress address) => Task.FromResult<GrainAddress?>(address);

    Task IGrainDirectory.Unregister(GrainAddress address) => Task.CompletedTask;

    Task IGrainDirectory.UnregisterSilos(List<SiloAddress> siloAddresses) => Task.CompletedTask;

    private Kind KindOf(GrainType type)
    {
        if (_kinds.TryGetValue(type, out var kind))
            return kind;
        // A silo that has just started may not know its own grains yet, so this is not remembered.
        if (!properties.TryGetGrainProperties(type, out var found))
            return Kind.Remembered;
        found.Properties.TryGetValue(WellKnownGrainTypeProperties.GrainDirectory, out var directory);
        found.Properties.TryGetValue(WellKnownGrainTypeProperties.PlacementStrategy, out var placement);
        return _kinds[type] = directory != Name ? Kind.Remembered : placement switch
        {
            nameof(BookPlacement) => Kind.Book,
            nameof(SiloPlacement) => Kind.Pinned,
            _ => Kind.Local,
        };
    }

    private PlaceMap Current()
    {
        var snapshot = membership.CurrentSnapshot;
        return _map is { } map && map.Version == snapshot.Version ? map : _map = new(snapshot);
    }
}

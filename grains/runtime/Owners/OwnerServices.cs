using System.Diagnostics;
using Microsoft.Extensions.Options;
using OrleansCache.Catalogs;
using OrleansCache.Configuration;
using OrleansCache.Diagnostics;
using OrleansCache.Entries;
using OrleansCache.Leases;
using OrleansCache.Placement;

namespace OrleansCache.Owners;

/// <summary>What the owners of a silo share.</summary>
internal sealed record OwnerServices(
    CatalogReader Reader,
    ICatalog Catalog,
    RecentRows Recent,
    RegionalSilos Silos,
    OwnerPlaces Places,
    OwnerMoves Moves,
    ILocalSiloDetails Self,
    Departures Departures,
    Revoker Revoker,
    LeaseTimes Times,
    IOptions<CacheOptions> Options,
    Clock Clock,
    ActivationLog Activations,
    IEditPoints Points)
{
    public CacheOptions Settings { get; } = Options.Value;
}

/// <summary>Counts the owners of a silo, and lets those that leave it go one after the other.</summary>
internal sealed class OwnerMoves
{
    private readonly Lock _gate = new();
    private long _last;
    private int _owners;

    /// <summary>The owners that are active on this silo.</summary>
    public int Owners => Volatile.Read(ref _owners);

    /// <summary>Counts an owner that has been activated.</summary>
    public void NoteActivated() => Interlocked.Increment(ref _owners);

    /// <summary>Counts an owner that has been deactivated.</summary>
    public void NoteDeactivated() => Interlocked.Decrement(ref _owners);

    /// <summary>Whether an owner may go now.</summary>
    public bool TryBegin()
    {
        lock (_gate)
        {
            var now = Stopwatch.GetTimestamp();
            if (_last != 0 && Stopwatch.GetElapsedTime(_last, now) < OwnerTimeouts.BetweenMoves)
                return false;
            _last = now;
            return true;
        }
    }
}

using Microsoft.Extensions.Hosting;
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
    ChangeFeed Feed,
    ICatalog Catalog,
    RecentRows Recent,
    RegionalSilos Silos,
    IClusterMembershipService Membership,
    OwnerPlaces Places,
    OwnerMoves Moves,
    ILocalSiloDetails Self,
    Departures Departures,
    Revoker Revoker,
    LeaseTimes Times,
    IOptions<CacheOptions> Options,
    Clock Clock,
    ActivationLog Activations,
    IEditPoints Points,
    IHostApplicationLifetime Host,
    SiloCounters Counters)
{
    public CacheOptions Settings { get; } = Options.Value;
}

/// <summary>Counts the owners of a silo, and lets those that leave it go one after the other.</summary>
/// <param name="time">The time, real for owners that wait for their turn.</param>
internal sealed class OwnerMoves(TimeProvider time)
{
    private readonly Lock _gate = new();
    private long _next;
    private int _owners;

    /// <summary>The owners that are active on this silo.</summary>
    public int Owners => Volatile.Read(ref _owners);

    /// <summary>Counts an owner that has been activated.</summary>
    public void NoteActivated() => Interlocked.Increment(ref _owners);

    /// <summary>Counts an owner that has been deactivated.</summary>
    public void NoteDeactivated() => Interlocked.Decrement(ref _owners);

    /// <summary>Reserves the next turn to leave.</summary>
    /// <returns>The time until then.</returns>
    public TimeSpan NextTurn()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            var turn = Math.Max(now, _next);
            _next = turn + (long)(OwnerTimeouts.BetweenMoves.TotalSeconds * time.TimestampFrequency);
            return time.GetElapsedTime(now, turn);
        }
    }
}

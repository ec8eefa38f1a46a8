using Microsoft.Extensions.Options;
using OrleansCache.Configuration;
using OrleansCache.Entries;
using OrleansCache.Placement;

namespace OrleansCache.Leases;

/// <summary>
/// When a silo last left without returning its leases, as far as this silo knows. Such a silo and its clients may still use entries, and
/// nobody can acknowledge a revocation for them, so a new owner waits one lease from that moment.
/// </summary>
internal sealed class Departures(
    IClusterMembershipService membership,
    RegionalSilos silos,
    ILocalSiloDetails self,
    IOptions<CacheOptions> options,
    Clock clock)
{
    private const int MaxGraceful = 1_000;

    private readonly Lock _gate = new();
    private readonly HashSet<SiloAddress> _graceful = [];
    private readonly Queue<SiloAddress> _order = [];
    private HashSet<SiloAddress>? _present;
    private long _last = long.MinValue;

    /// <summary>Whether any slot had an owner before this silo started, as far as is known.</summary>
    public bool HadOwners { get; set; } = true;

    /// <summary>The moment from which no silo that has left can hold a lease; the smallest number when none has left.</summary>
    public long LeasesEnded(LeaseTimes times)
    {
        Look();
        lock (_gate)
            return _last == long.MinValue ? long.MinValue : times.EndedAt(_last);
    }

    /// <summary>Records a silo's graceful departure: it and the clients below it hold no leases any more.</summary>
    public void NoteGraceful(SiloAddress silo)
    {
        lock (_gate)
        {
            if (_graceful.Add(silo))
                _order.Enqueue(silo);
            if (_order.Count > MaxGraceful)
                _graceful.Remove(_order.Dequeue());
        }
    }

    /// <summary>Whether a silo has departed gracefully.</summary>
    public bool IsGraceful(SiloAddress silo)
    {
        lock (_gate)
            return _graceful.Contains(silo);
    }

    /// <summary>Compares the membership with that of the last call; to be called periodically.</summary>
    public void Look()
    {
        lock (_gate)
        {
            HashSet<SiloAddress> present = [.. silos.All.Select(silo => silo.Address)];
            if (_present is null ? MayHavePredecessors() : _present.Except(present).Except(_graceful).Any())
                _last = clock.Now;
            _present = present;
        }
    }

    /// <summary>Whether no member is older than this silo.</summary>
    private bool IsOldest() => membership.CurrentSnapshot.Members.Keys.All(member => member.Generation >= self.SiloAddress.Generation);

    private bool MayHavePredecessors() => options.Value.Leases.Predecessors switch
    {
        Predecessors.None => false,
        // A table in which nobody is older than this silo, although there have been owners, may have been lost with those that were in it.
        Predecessors.InTable => membership.CurrentSnapshot.Members.Values.Any(member =>
            member.Status is SiloStatus.ShuttingDown or SiloStatus.Stopping or SiloStatus.Dead) || (HadOwners && IsOldest()),
        _ => true,
    };
}

using Microsoft.Extensions.Options;
using OrleansCache.Configuration;
using OrleansCache.Entries;
using OrleansCache.Placement;

namespace OrleansCache.Leases;

/// <summary>
/// When a silo left last, as far as this silo knows. A silo that is gone cannot say that its copies, and those of its clients, are not used
/// any more, so a new owner does not trust the others' word within a lease of that.
/// </summary>
internal sealed class Departures(IClusterMembershipService membership, RegionalSilos silos, IOptions<CacheOptions> settings, Clock clock)
{
    private const int MostExcused = 1_000;

    private readonly Lock _gate = new();
    private readonly HashSet<SiloAddress> _excused = [];
    private HashSet<SiloAddress>? _present;
    private long _last = long.MinValue;

    /// <summary>The moment from which nobody who left before it can hold a lease, or the smallest number when nobody has left.</summary>
    public long LeasesEnded(LeaseTimes times)
    {
        Look();
        lock (_gate)
            return _last == long.MinValue ? long.MinValue : times.EndedAt(_last);
    }

    /// <summary>Takes the word of a silo that leaves: it, and the clients below it, hold nothing and will not any more.</summary>
    public void Excuse(SiloAddress silo)
    {
        lock (_gate)
        {
            if (_excused.Count >= MostExcused)
                _excused.Clear();
            _excused.Add(silo);
        }
    }

    /// <summary>Compares the cluster with what it was at the last look; to be called every now and then.</summary>
    public void Look()
    {
        lock (_gate)
        {
            HashSet<SiloAddress> present = [.. silos.All.Select(silo => silo.Address)];
            if (_present is null ? MayHaveHadOthers() : _present.Except(present).Except(_excused).Any())
                _last = clock.Now;
            _present = present;
        }
    }

    private bool MayHaveHadOthers() => settings.Value.Leases.Predecessors switch
    {
        Predecessors.None => false,
        Predecessors.InTable => membership.CurrentSnapshot.Members.Values.Any(member => member.Status is SiloStatus.ShuttingDown or SiloStatus.Stopping or SiloStatus.Dead),
        _ => true,
    };
}

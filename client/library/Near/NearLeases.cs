using OrleansCache.Entries;

namespace OrleansCache.Client;

/// <summary>The volume leases that a client has from one silo, and the keys of that silo that it has not any more.</summary>
/// <param name="slots">The number of slots of the cluster.</param>
/// <param name="numbers">The numbers of this client's messages about released keys, to whichever silo.</param>
internal sealed class NearLeases(int slots, ReleaseNumbers numbers)
{
    private readonly Lock _gate = new();
    private readonly ReleaseQueue _releases = new(numbers);
    private VolumeLeases? _volumes;
    private long _generation;
    private long _workedOff;

    /// <summary>The keys that the client has not any more.</summary>
    public ReleaseQueue Releases => _releases;

    /// <summary>The number of the last answer whose keys were dropped.</summary>
    public long WorkedOff
    {
        get
        {
            lock (_gate)
                return _workedOff;
        }
    }

    /// <summary>How many of them have ended for good.</summary>
    public long Endings => Volatile.Read(ref _volumes)?.Endings ?? 0;

    /// <summary>Takes the volume lease of a slot.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="generation">Its generation; none for no lease.</param>
    /// <param name="until">The moment until which it lasts.</param>
    /// <returns>Null when there is none, or one of a former generation.</returns>
    public VolumeLease? Take(int slot, LeaseGeneration generation, long until) =>
        generation == LeaseGeneration.None ? null : Volumes().Take(slot, generation, until);

    /// <summary>Takes the answer to a renewal, whose keys have been dropped.</summary>
    /// <param name="renewal">The answer.</param>
    /// <param name="heldUntil">The moment until which a lease of this length lasts.</param>
    public void Take(NearRenewal renewal, Func<TimeSpan, long> heldUntil)
    {
        var volumes = Volumes();
        for (var slot = 0; slot < Math.Min(slots, renewal.Stamps.Length); slot++)
        {
            if (renewal.Stamps[slot] > 0)
            {
                var until = heldUntil(TimeSpan.FromMilliseconds(renewal.Leases[slot]));
                volumes.Take(slot, new(renewal.Generation, renewal.Stamps[slot]), until);
            }
        }

        lock (_gate)
        {
            if (renewal.Generation > _generation)
                (_generation, _workedOff) = (renewal.Generation, renewal.Number);
            else if (renewal.Generation == _generation)
                _workedOff = Math.Max(_workedOff, renewal.Number);
        }
    }

    /// <summary>Ends leases with lower stamps.</summary>
    public void EndBelow(int? slot, long below)
    {
        var volumes = Volumes();
        for (var each = slot ?? 0; each <= (slot ?? slots - 1); each++)
            volumes.EndBelow(each, slot is null ? volumes.Of(each).Generation.Number + 1 : below);
    }

    private VolumeLeases Volumes()
    {
        if (Volatile.Read(ref _volumes) is { } volumes)
            return volumes;
        lock (_gate)
        {
            if (_volumes is null)
                Volatile.Write(ref _volumes, new(slots, _ => _releases));
            return _volumes!;
        }
    }
}

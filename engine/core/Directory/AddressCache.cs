using System.Collections.Concurrent;

namespace OrleansCache.Engine.Directory;

/// <summary>Where grains were last seen. A hint: the silo named there knows better. Bounded: the older half is dropped as a whole.</summary>
internal sealed class AddressCache
{
    private const int HalfCapacity = 50_000;
    private readonly Lock _gate = new();
    private ConcurrentDictionary<GrainId, SiloAddress> _young = new();
    private ConcurrentDictionary<GrainId, SiloAddress> _old = new();
    private int _count;

    public SiloAddress? Get(GrainId grain)
    {
        if (_young.TryGetValue(grain, out var silo)) return silo;
        if (!_old.TryRemove(grain, out silo)) return null;
        Set(grain, silo);
        return silo;
    }

    public void Set(GrainId grain, SiloAddress silo)
    {
        if (_young.TryAdd(grain, silo))
        {
            if (Interlocked.Increment(ref _count) >= HalfCapacity) Age();
        }
        else
        {
            _young[grain] = silo;
        }
    }

    public void Remove(GrainId grain)
    {
        _young.TryRemove(grain, out _);
        _old.TryRemove(grain, out _);
    }

    private void Age()
    {
        lock (_gate)
        {
            if (_count < HalfCapacity) return;
            _old = _young;
            _young = new ConcurrentDictionary<GrainId, SiloAddress>();
            _count = 0;
        }
    }
}

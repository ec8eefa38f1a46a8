namespace OrleansCache.Engine.Directory;

/// <summary>Which silo keeps the directory's entry of which grain: consistent hashing over the active silos.</summary>
internal sealed class Ring
{
    private const int PointsPerSilo = 32;
    private readonly (uint Point, SiloAddress Silo)[] _points;

    public Ring(IEnumerable<SiloAddress> silos)
    {
        Silos = [.. silos.Order()];
        _points = [.. Silos.SelectMany(silo => Enumerable.Range(0, PointsPerSilo).Select(i => (Spread(unchecked((uint)silo.GetConsistentHashCode() + ((ulong)i << 32))), silo))).OrderBy(point => point.Item1)];
    }

    public SiloAddress[] Silos { get; }

    /// <summary>The silo that keeps the grain's entry; null when there is none.</summary>
    public SiloAddress? OwnerOf(GrainId grain)
    {
        if (_points.Length == 0) return null;
        var hash = Spread(grain.GetUniformHashCode());
        var (low, high) = (0, _points.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_points[middle].Point < hash) low = middle + 1;
            else high = middle;
        }

        return _points[low == _points.Length ? 0 : low].Silo;
    }

    private static uint Spread(ulong value) => (uint)(StableHash.Mix(value) >> 32);
}

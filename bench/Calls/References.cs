namespace OrleansCache.Bench.Calls;

/// <summary>What references to grains cost that nobody calls.</summary>
internal static class References
{
    private const int Count = 1_000_000;

    /// <summary>Bytes per reference, while it is held and when it has been dropped.</summary>
    public static (double Held, double Dropped) Measure(IGrainFactory grains)
    {
        var references = new object[Count];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Count; i++) references[i] = grains.GetGrain<IBookGrain>(BenchBook.GrainKey);
        var held = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(references);
        Array.Clear(references);
        var dropped = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(references);
        return ((held - before) / (double)Count, (dropped - before) / (double)Count);
    }
}

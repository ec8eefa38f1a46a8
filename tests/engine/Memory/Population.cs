namespace OrleansCache.Engine.Tests.Memory;

/// <summary>How many dayflies of a silo have come and gone.</summary>
public sealed class Population
{
    private int _come;
    private int _gone;

    /// <summary>The number that came.</summary>
    public int Come => Volatile.Read(ref _come);

    /// <summary>The number that left.</summary>
    public int Gone => Volatile.Read(ref _gone);

    /// <summary>Counts one that comes.</summary>
    public void Arrive() => Interlocked.Increment(ref _come);

    /// <summary>Counts one that goes.</summary>
    public void Depart() => Interlocked.Increment(ref _gone);
}

namespace OrleansCache.Entries;

/// <summary>
/// A holder's lease on all of its entries of a slot (Yin, Alvisi, Dahlin, Lin: Volume Leases for Consistency in Large-Scale Systems, 1999):
/// until it ends, each of them may be used that was not revoked. One object for each generation, which the entries of that generation refer
/// to; so all of them are suspended in one step, however many there are.
/// </summary>
internal sealed class VolumeLease
{
    /// <summary>A lease that has ended before it began: that of rows that were read without an owner.</summary>
    public static readonly VolumeLease None = new(LeaseGeneration.None, 0, new(new(), most: 0));

    private long _until = long.MinValue;
    private long _workedOff;
    private volatile bool _hasEnded;

    /// <param name="generation">The generation.</param>
    /// <param name="stamp">A number that no other lease of this process has; rises.</param>
    /// <param name="releases">Where keys go that the holder has not any more.</param>
    internal VolumeLease(LeaseGeneration generation, long stamp, ReleaseQueue releases)
    {
        (Generation, Stamp, Releases) = (generation, stamp, releases);
        _hasEnded = generation == LeaseGeneration.None;
    }

    /// <summary>The generation.</summary>
    public LeaseGeneration Generation { get; }

    /// <summary>The lowest generation of which a granter's next answer must be.</summary>
    public LeaseGeneration AtLeast => HasEnded ? Generation with { Number = Generation.Number + 1 } : Generation;

    /// <summary>A number that no other lease of this process has; rises.</summary>
    public long Stamp { get; }

    /// <summary>The keys that the holder has not any more.</summary>
    public ReleaseQueue Releases { get; }

    /// <summary>The moment on the holder's clock, in milliseconds, from which none of its entries must be used.</summary>
    public long Until => Volatile.Read(ref _until);

    /// <summary>Whether it has ended for good: its entries may be used again only after their granter has confirmed them.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>The number of the last renewal answer whose keys were dropped; 0 before the first.</summary>
    public long WorkedOff => Volatile.Read(ref _workedOff);

    /// <summary>Notes that what an answer names has been dropped.</summary>
    public void NoteWorkedOff(long answer)
    {
        for (var former = WorkedOff; former < answer;)
        {
            var found = Interlocked.CompareExchange(ref _workedOff, answer, former);
            if (found == former)
                return;
            former = found;
        }
    }

    /// <summary>Makes it last until a moment at least. Called under the lock of <see cref="VolumeLeases"/>.</summary>
    internal void Extend(long until)
    {
        if (!_hasEnded && until > _until)
            Volatile.Write(ref _until, until);
    }

    /// <summary>Ends it for good. Called under the lock of <see cref="VolumeLeases"/>.</summary>
    internal void End()
    {
        _hasEnded = true;
        Volatile.Write(ref _until, long.MinValue);
    }
}

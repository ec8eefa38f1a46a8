namespace OrleansCache.Entries;

/// <summary>The volume leases that a holder has from one granter, or from the owners: one for each slot. Safe for concurrent use.</summary>
internal sealed class VolumeLeases
{
    private readonly Lock _gate = new();
    private readonly VolumeLease[] _current;
    private readonly long[] _lowestEpochs;
    private readonly long[] _lowestNumbers;
    private readonly Func<LeaseGeneration, ReleaseQueue> _queueOf;
    private long _stamps;
    private long _endings;
    private bool _isOpen;
    private int _ending;

    /// <summary>Makes leases that have all ended.</summary>
    /// <param name="slots">The number of slots of the cluster.</param>
    /// <param name="queueOf">The queue of what is released under a generation; null for one of its own.</param>
    /// <param name="isOpen">Whether leases are taken from the start, or only after <see cref="Open"/>.</param>
    public VolumeLeases(int slots, Func<LeaseGeneration, ReleaseQueue>? queueOf = null, bool isOpen = true)
    {
        _isOpen = isOpen;
        _current = new VolumeLease[slots];
        Array.Fill(_current, VolumeLease.None);
        _lowestEpochs = new long[slots];
        _lowestNumbers = new long[slots];
        _queueOf = queueOf ?? (static _ => new(new()));
    }

    /// <summary>The number of slots.</summary>
    public int Slots => _current.Length;

    /// <summary>Whether leases are taken; while they are not, none is to be asked for.</summary>
    public bool IsOpen => Volatile.Read(ref _isOpen) && Volatile.Read(ref _ending) == 0;

    /// <summary>How many leases have ended for good, so that entries may be suspended.</summary>
    public long Endings => Volatile.Read(ref _endings);

    /// <summary>The lease on a slot, which may have ended.</summary>
    public VolumeLease Of(int slot) => Volatile.Read(ref _current[slot]);

    /// <summary>
    /// Takes what a granter has answered. Everything that the answer names to be dropped has been dropped before.
    /// </summary>
    /// <param name="slot">The slot.</param>
    /// <param name="generation">The generation of the lease; a later one than before suspends all entries of the former.</param>
    /// <param name="until">The moment until which it lasts; one in the past extends nothing.</param>
    /// <returns>The lease; null when the answer is refused, because its generation is a former one.</returns>
    public VolumeLease? Take(int slot, LeaseGeneration generation, long until)
    {
        lock (_gate)
        {
            var current = _current[slot];
            if (IsOpen && generation > current.Generation
                && generation.Epoch >= _lowestEpochs[slot] && generation.Number >= _lowestNumbers[slot])
            {
                End(slot);
                current = new(generation, ++_stamps, _queueOf(generation));
                Volatile.Write(ref _current[slot], current);
            }

            if (current.Generation != generation || current.HasEnded)
                return null;
            current.Extend(until);
            return current;
        }
    }

    /// <summary>Ends the lease on a slot if it is of a lower epoch, and refuses such epochs from now on.</summary>
    public void End(int slot, long lowestEpoch)
    {
        lock (_gate)
        {
            _lowestEpochs[slot] = Math.Max(_lowestEpochs[slot], lowestEpoch);
            if (_current[slot].Generation.Epoch < lowestEpoch)
                End(slot);
        }
    }

    /// <summary>
    /// From now on leases are taken, but none of a lower epoch than these. A silo that starts is not among those that a new owner has
    /// asked, so it must know from elsewhere which owners have been replaced.
    /// </summary>
    /// <param name="epochs">The epoch of each slot.</param>
    public void Open(IReadOnlyList<long> epochs)
    {
        lock (_gate)
        {
            for (var slot = 0; slot < _lowestEpochs.Length; slot++)
                _lowestEpochs[slot] = Math.Max(_lowestEpochs[slot], epochs[slot]);
            Volatile.Write(ref _isOpen, true);
        }
    }

    /// <summary>Ends the lease on a slot if it has a lower number, and refuses such numbers from now on.</summary>
    public void EndBelow(int slot, long lowestNumber)
    {
        lock (_gate)
        {
            _lowestNumbers[slot] = Math.Max(_lowestNumbers[slot], lowestNumber);
            if (_current[slot].Generation.Number < lowestNumber)
                End(slot);
        }
    }

    /// <summary>
    /// Ends all leases: whatever the granters believe, their next generations are needed. None is taken or to be asked for until <see
    /// cref="Reopen"/>: with a later generation the granter forgets what was held under the former, which clients may still use.
    /// </summary>
    public void EndAll()
    {
        lock (_gate)
        {
            Interlocked.Increment(ref _ending);
            for (var slot = 0; slot < _current.Length; slot++)
                End(slot);
        }
    }

    /// <summary>Takes leases again: nobody below uses anything of the former ones any more.</summary>
    public void Reopen() => Interlocked.Decrement(ref _ending);

    private void End(int slot)
    {
        if (_current[slot].HasEnded)
            return;
        _current[slot].End();
        Volatile.Write(ref _endings, _endings + 1);
    }
}

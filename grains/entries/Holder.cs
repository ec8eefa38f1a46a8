namespace OrleansCache.Entries;

/// <summary>A holder as its granter knows it, in one generation. Changed under the granter's lock.</summary>
/// <typeparam name="TId">What names a holder.</typeparam>
internal sealed class Holder<TId>
{
    private long _until = long.MinValue;
    private long _lastRelease;
    private volatile bool _hasDrops;
    private volatile bool _hasLapsed;

    internal Holder(TId id, int number, long generation) => (Id, Number, Generation) = (id, number, generation);

    /// <summary>The holder.</summary>
    public TId Id { get; }

    /// <summary>Its generation at this granter.</summary>
    public long Generation { get; }

    /// <summary>The moment on the granter's clock, in milliseconds, from which it uses no entry unless it is renewed.</summary>
    public long Until => Volatile.Read(ref _until);

    /// <summary>Whether revocations are out that it has not confirmed: only an answer that names them may extend its lease.</summary>
    public bool HasDrops => _hasDrops;

    /// <summary>Whether its registrations are gone: it needs the next generation.</summary>
    public bool HasLapsed => _hasLapsed;

    // Its bit in a registration.
    internal int Number { get; }

    // The keys that it has to drop, each with the number of the first answer that has named it; 0 for none yet.
    internal Dictionary<string, long> Drops { get; } = new(StringComparer.Ordinal);

    // The keys that were registered by requests that named a later release than the last that has arrived.
    internal Dictionary<string, long> Ahead { get; } = new(StringComparer.Ordinal);

    internal long Answers { get; set; }

    // The number of the last message about released keys that has arrived.
    internal long LastRelease
    {
        get => Volatile.Read(ref _lastRelease);
        set => Volatile.Write(ref _lastRelease, value);
    }

    /// <summary>Notes how long its lease lasts, before it learns of it.</summary>
    internal void Extend(long until) => Volatile.Write(ref _until, Math.Max(_until, until));

    internal void NoteDrops() => _hasDrops = Drops.Count > 0;

    internal void Lapse() => _hasLapsed = true;
}

/// <summary>What a holder has to give back, and when that is not needed any more.</summary>
/// <param name="Holder">The holder.</param>
/// <param name="Keys">The keys.</param>
/// <param name="Limit">
/// The end that its lease had when the revocation began, on the granter's clock in milliseconds. Later ends were granted together with the
/// order to drop these keys.
/// </param>
internal readonly record struct Revocation<TId>(Holder<TId> Holder, string[] Keys, long Limit);

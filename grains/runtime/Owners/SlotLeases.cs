using OrleansCache.Entries;
using OrleansCache.Leases;

namespace OrleansCache.Owners;

/// <summary>
/// What an owner knows in its present term: which silos have which keys of its slot, how long their volume leases last, and the identities
/// of rows that are current.
/// </summary>
internal sealed class SlotLeases(OwnerServices services)
{
    private HolderRegistry<string> _registry = Empty(services);

    /// <summary>The present term; null before the first, and after this owner has been replaced.</summary>
    public SlotTerm? Term { get; private set; }

    private long Now => services.Clock.Now;

    /// <summary>Begins a term, in which nothing is known of what was granted before.</summary>
    public void Begin(SlotTerm term)
    {
        End();
        Term = term;
    }

    /// <summary>Ends the term: nothing is granted any more.</summary>
    public void End()
    {
        // Revocations that are under way must not take its holders for those of the next.
        _registry.LapseAll();
        (Term, _registry) = (null, Empty(services));
    }

    /// <summary>The generation of a silo's volume lease.</summary>
    public LeaseGeneration GenerationOf(Holder<string> holder) => new(Term!.Epoch, holder.Generation);

    /// <summary>A silo as a holder, in a generation that it can use.</summary>
    /// <param name="silo">The silo's address.</param>
    /// <param name="atLeast">The lowest generation that it can use.</param>
    /// <returns>Null while there is no term, and when the silo has leases of a later one.</returns>
    public Holder<string>? Admit(string silo, LeaseGeneration atLeast) =>
        Term is { } term && atLeast.Epoch <= term.Epoch
            ? _registry.Admit(silo, atLeast.Epoch == term.Epoch ? atLeast.Number : 0)
            : null;

    /// <summary>Registers a silo for a row, before anybody can learn of it.</summary>
    /// <returns>False when there is no room.</returns>
    public bool TryRegister(Holder<string> holder, CachedRow row, long released) =>
        _registry.Register(holder, row.Key, row.Identity, released) is not null;

    /// <summary>Registers a silo for the row that it has, if that is known to be current.</summary>
    public bool TryRegisterKnown(Holder<string> holder, string key, RowVersion identity, long released) =>
        _registry.Find(key)?.Identity == identity && _registry.Register(holder, key, identity, released) is not null;

    /// <summary>Registers a silo that has given up the old row for the new one.</summary>
    /// <returns>The holder; null when it has lapsed, or there is no room.</returns>
    public Holder<string>? TryRegisterNew(string silo, CachedRow row, long released) =>
        _registry.HolderOf(silo) is { } holder && _registry.Register(holder, row.Key, row.Identity, released) is not null ? holder : null;

    /// <summary>Makes a silo's volume lease as long as possible, unless it has something to drop that this answer does not name.</summary>
    /// <param name="holder">The silo.</param>
    /// <param name="names">Whether the answer names what it has to drop.</param>
    /// <returns>How long it lasts from now on; zero when it gets no longer.</returns>
    public TimeSpan Extend(Holder<string> holder, bool names = false)
    {
        var until = Term!.Anchor + services.Times.Length;
        var now = Now;
        if (until <= now || (holder.HasDrops && !names))
            return TimeSpan.Zero;
        holder.Extend(until + LeaseTimes.Tick);
        return TimeSpan.FromMilliseconds(until - now);
    }

    /// <summary>Renews a silo's volume lease.</summary>
    public VolumeRenewal Renew(string silo, VolumeRenewalRequest request)
    {
        if (Admit(silo, request.Generation) is not { } holder)
            return new(LeaseGeneration.None, TimeSpan.Zero, 0, []);
        // What it says is about the generation that it has.
        if (GenerationOf(holder) == request.Generation)
        {
            _registry.Confirm(holder, request.WorkedOff);
            _registry.Release(holder, request.Releases);
        }

        var (number, drops) = _registry.NameDrops(holder);
        return new(GenerationOf(holder), Extend(holder, names: true), number, drops);
    }

    /// <summary>The identity of a row that is known to be current, or that was before somebody else wrote another; null for none.</summary>
    public RowVersion? Known(string key) => _registry.Find(key)?.Identity;

    /// <summary>Whether silos have another row than this one, so that somebody else has written this one.</summary>
    public bool IsOutOfBand(CachedRow row) =>
        _registry.Find(row.Key) is { } known && known.Identity != row.Identity && _registry.IsHeld(row.Key);

    /// <summary>Whether a row is newer than the one that is known of its key.</summary>
    public bool IsNewer(string key, RowVersion identity) =>
        _registry.Find(key) is { Identity: var known }
        && (identity.Version > known.Version || (identity.Version == known.Version && identity.Tag != known.Tag));

    /// <summary>Whether any silo has a row of a key.</summary>
    public bool IsHeld(string key) => _registry.IsHeld(key);

    /// <summary>Notes the row of a key that nobody has, if the key is known.</summary>
    public void NoteCurrent(string key, RowVersion identity)
    {
        if (_registry.Find(key) is not null)
            _registry.Know(key, identity);
    }

    /// <summary>Forgets what row of a key is current, since that is not known any more; everybody who had it has given it up.</summary>
    public void Forget(string key) => _registry.Forget(key);

    /// <summary>Begins to revoke keys.</summary>
    public List<Revocation<string>> Revoke(IReadOnlyList<string> keys) => _registry.Begin(keys, Now);

    /// <summary>A silo has given keys back.</summary>
    public void Acknowledge(Revocation<string> revocation) => _registry.Acknowledge(revocation.Holder, revocation.Keys);

    /// <summary>A silo has not given keys back before the limit.</summary>
    public void GiveUp(Revocation<string> revocation) => _registry.GiveUp(revocation.Holder, revocation.Keys, Now);

    /// <summary>The keys that should be given back because too many are known; none while there is room.</summary>
    public string[] ToRecall() => _registry.IsFull ? _registry.Oldest(OwnerTimeouts.RecalledTogether) : [];

    /// <summary>Forgets silos that have not been renewed for a while.</summary>
    public void Tidy() => _registry.Tidy(Now - services.Times.Length);

    private static HolderRegistry<string> Empty(OwnerServices services) =>
        new(Math.Max(1_000, services.Settings.Leases.MaxLeasedBooks / services.Settings.Slots), keepsUnheld: true);
}

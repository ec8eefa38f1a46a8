namespace OrleansCache.Entries;

/// <summary>
/// What a granter (an owner, or a silo for its clients) knows: its holders with the ends of their volume leases, and who has been given
/// which key. Not safe for concurrent use, except for what <see cref="Registration"/> and <see cref="Holder{TId}"/> say.
/// <list type="number">
/// <item>A holder is registered for a key before the row is sent to it, and until it has given the key back or has lapsed.</item>
/// <item>Where wanted, a key stays known without holders, with the identity of its current row, as long as there is room.</item>
/// <item>A revocation ends the registration when it begins, so that one which is made before it is over stays. It is under way until the
/// holder has acknowledged it or cannot use the key any more; whoever revokes the key meanwhile waits for it, too.</item>
/// <item>It also notes the key for the holder as one to drop. It is named in every renewal answer until the holder has acknowledged the
/// revocation or confirmed an answer that named it; so no lease becomes longer than the revocation waits for unless the key is dropped
/// first.</item>
/// <item>A holder that has lapsed loses its number at once; the number is given to another one after every registration has been looked at
/// since.</item>
/// </list>
/// </summary>
/// <param name="most">How many keys it knows at most.</param>
/// <param name="keepsUnheld">Whether keys that nobody holds stay known.</param>
internal sealed class HolderRegistry<TId>(int most, bool keepsUnheld) where TId : notnull
{
    // The object, its places in the dictionary and the queue, and the key that a dictionary of another process cannot share.
    internal const int BytesPerKey = 200;

    // For each key that is added: so what has been forgotten leaves the queue faster than keys come.
    private const int LooksPerCall = 2;

    private readonly Dictionary<TId, Holder<TId>> _holders = [];
    private readonly List<Holder<TId>?> _byNumber = [];
    private readonly Queue<(int Number, long Since)> _retired = new();
    private readonly Stack<int> _free = new();
    private readonly Dictionary<string, Registration> _keys = new(StringComparer.Ordinal);

    // The holders that may still use a key whose revocation has begun, and until when.
    private readonly Dictionary<string, Dictionary<Holder<TId>, long>> _revoking = new(StringComparer.Ordinal);
    private Registration? _first;
    private Registration? _last;
    private long _looks;
    private long _generations;
    private long _moreWords;

    /// <summary>How many keys it knows.</summary>
    public int Count => _keys.Count;

    /// <summary>How many holders it knows.</summary>
    public int Holders => _holders.Count;

    /// <summary>About how many bytes it takes.</summary>
    public long Bytes => ((long)_keys.Count * BytesPerKey) + (_moreWords * sizeof(ulong));

    /// <summary>Whether so many keys are held that some should be revoked; see <see cref="Oldest"/>.</summary>
    public bool IsFull => _keys.Count >= most;

    /// <summary>A holder that has not lapsed; null when there is none.</summary>
    public Holder<TId>? HolderOf(TId id) => _holders.GetValueOrDefault(id);

    /// <summary>What is known of a key; null when nothing is.</summary>
    public Registration? Find(string key) => _keys.GetValueOrDefault(key);

    /// <summary>The holder of that id, in a generation that it can use: a new one when it has none or needs a later one.</summary>
    /// <param name="id">The holder.</param>
    /// <param name="atLeast">The lowest generation that it can use.</param>
    public Holder<TId> Admit(TId id, long atLeast)
    {
        if (_holders.TryGetValue(id, out var known))
        {
            if (known.Generation >= atLeast)
                return known;
            Lapse(known);
        }

        _generations = Math.Max(_generations + 1, atLeast);
        if (!_free.TryPop(out var number))
        {
            number = _byNumber.Count;
            _byNumber.Add(null);
        }

        var holder = new Holder<TId>(id, number, _generations);
        _byNumber[number] = _holders[id] = holder;
        return holder;
    }

    /// <summary>Registers a holder for a key.</summary>
    /// <param name="holder">The holder.</param>
    /// <param name="key">The key.</param>
    /// <param name="identity">The row.</param>
    /// <param name="sent">The number of the last release that the holder had sent before it asked.</param>
    /// <returns>The registration; null when there is no room.</returns>
    public Registration? Register(Holder<TId> holder, string key, RowVersion identity, long sent)
    {
        if (holder.HasLapsed || Know(key, identity) is not { } registration)
            return null;
        var words = registration.MoreWords;
        registration.Add(holder.Number);
        _moreWords += registration.MoreWords - words;
        if (sent > holder.LastRelease)
            holder.Ahead[key] = sent;
        return registration;
    }

    /// <summary>Notes that a row is current, whether or not anybody has it.</summary>
    /// <returns>The registration; null when there is no room.</returns>
    public Registration? Know(string key, RowVersion identity)
    {
        if (!_keys.TryGetValue(key, out var registration))
        {
            for (var looks = 0; looks < LooksPerCall; looks++)
                Look(forgets: IsFull);
            // Those whose revocation has begun need their places until it has ended.
            if (_keys.Count >= most + (most / 8) + 1)
                return null;
            registration = new(key) { LookedAt = _looks };
            _keys.Add(key, registration);
            Append(registration);
        }

        registration.Identity = identity;
        return registration;
    }

    /// <summary>Forgets what row of a key is current; nobody is registered for it.</summary>
    public void Forget(string key)
    {
        if (Find(key) is { } registration && registration.Numbers().All(number => _byNumber[number] is null))
            Forget(registration);
    }

    /// <summary>Removes a holder's registrations of keys that it has released.</summary>
    public void Release(Holder<TId> holder, Releases releases)
    {
        // A message that another one has overtaken may name keys that were registered since.
        if (releases.Number <= holder.LastRelease)
            return;
        holder.LastRelease = releases.Number;
        foreach (var key in releases.Keys)
        {
            if (!(holder.Ahead.TryGetValue(key, out var sent) && sent >= releases.Number))
                Remove(holder, key);
        }

        foreach (var (key, sent) in holder.Ahead)
        {
            if (sent <= releases.Number)
                holder.Ahead.Remove(key);
        }
    }

    /// <summary>Begins to revoke keys: from here on no holder's lease is extended without the order to drop them.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="now">The granter's current moment; holders whose leases have ended lapse.</param>
    /// <returns>What each holder has to give back.</returns>
    public List<Revocation<TId>> Begin(IReadOnlyList<string> keys, long now)
    {
        var byHolder = new Dictionary<Holder<TId>, (List<string> Keys, long Limit)>();
        foreach (var key in keys)
        {
            foreach (var holder in TakeRegistered(key, now))
            {
                holder.Drops[key] = 0;
                holder.NoteDrops();
                (_revoking.TryGetValue(key, out var others) ? others : _revoking[key] = [])[holder] = holder.Until;
            }

            foreach (var (holder, limit) in _revoking.GetValueOrDefault(key) ?? [])
            {
                var (held, until) = byHolder.TryGetValue(holder, out var former) ? former : ([], long.MinValue);
                held.Add(key);
                byHolder[holder] = (held, Math.Max(until, limit));
            }
        }

        return [.. byHolder.Select(held => new Revocation<TId>(held.Key, [.. held.Value.Keys], held.Value.Limit))];
    }

    /// <summary>A holder has given keys back.</summary>
    public void Acknowledge(Holder<TId> holder, IReadOnlyList<string> keys)
    {
        foreach (var key in keys)
        {
            EndRevocation(holder, key);
            holder.Drops.Remove(key);
        }

        holder.NoteDrops();
    }

    /// <summary>
    /// The limit of a revocation has come without an acknowledgement: nobody there can use the keys any more. A holder that was not renewed
    /// since has lapsed; another one drops the keys with the renewal.
    /// </summary>
    public void GiveUp(Holder<TId> holder, IReadOnlyList<string> keys, long now)
    {
        foreach (var key in keys)
            EndRevocation(holder, key);
        if (holder.Until <= now)
            Lapse(holder);
    }

    /// <summary>What a renewal answer has to name, and its number.</summary>
    public (long Answer, string[] Drops) NameDrops(Holder<TId> holder)
    {
        var answer = ++holder.Answers;
        string[] drops = [.. holder.Drops.Keys];
        foreach (var key in drops)
        {
            if (holder.Drops[key] == 0)
                holder.Drops[key] = answer;
        }

        return (answer, drops);
    }

    /// <summary>A holder has worked off an answer, and has dropped what it named.</summary>
    public void Confirm(Holder<TId> holder, long answer)
    {
        foreach (var (key, named) in holder.Drops)
        {
            if (named > 0 && named <= answer)
                holder.Drops.Remove(key);
        }

        holder.NoteDrops();
    }

    /// <summary>A holder uses no entry of its generation any more: its registrations are gone.</summary>
    public void Lapse(Holder<TId> holder)
    {
        if (holder.HasLapsed)
            return;
        holder.Lapse();
        foreach (var (key, holders) in _revoking)
        {
            if (holders.Remove(holder) && holders.Count == 0)
                _revoking.Remove(key);
        }

        _holders.Remove(holder.Id);
        _byNumber[holder.Number] = null;
        _retired.Enqueue((holder.Number, _looks));
    }

    /// <summary>All holders lapse, as when the registry is given up.</summary>
    public void LapseAll()
    {
        foreach (var holder in _holders.Values.ToArray())
            Lapse(holder);
    }

    /// <summary>The holders whose leases have not ended.</summary>
    public Holder<TId>[] Live(long now) => [.. _holders.Values.Where(holder => holder.Until > now)];

    /// <summary>Forgets holders whose leases ended a while ago, and looks at some registrations; to be called once per second.</summary>
    /// <param name="endedBefore">The moment before which their leases have ended.</param>
    public void Tidy(long endedBefore)
    {
        foreach (var gone in _holders.Values.Where(holder => holder.Until < endedBefore).ToArray())
            Lapse(gone);
        for (var looks = 0; looks < 1_000 && _retired.Count > 0; looks++)
            Look(forgets: false);
    }

    /// <summary>How many holders may use a key: they are registered, or a revocation is under way.</summary>
    public int HoldersOf(string key)
    {
        var registered = Find(key)?.Numbers().Select(number => _byNumber[number]).OfType<Holder<TId>>() ?? [];
        return registered.Union(_revoking.GetValueOrDefault(key)?.Keys.AsEnumerable() ?? []).Count();
    }

    /// <summary>Whether anybody may use a key.</summary>
    public bool IsHeld(string key) => HoldersOf(key) > 0;

    /// <summary>The keys that were registered longest ago, to be revoked when the registry is full.</summary>
    public string[] Oldest(int count)
    {
        var keys = new List<string>(count);
        for (var registration = _first; registration is not null && keys.Count < count; registration = registration.Next)
            keys.Add(registration.Key);
        return [.. keys];
    }

    /// <summary>Ends the registrations for a key.</summary>
    /// <returns>The holders whose leases have not ended; others lapse.</returns>
    private List<Holder<TId>> TakeRegistered(string key, long now)
    {
        var taken = new List<Holder<TId>>();
        if (Find(key) is not { } registration)
            return taken;
        foreach (var number in registration.Numbers().ToArray())
        {
            registration.Remove(number);
            if (_byNumber[number] is not { } holder)
                continue;
            holder.Ahead.Remove(key);
            if (holder.Until <= now)
                Lapse(holder);
            else
                taken.Add(holder);
        }

        if (!keepsUnheld && registration.IsEmpty)
            Forget(registration);
        return taken;
    }

    private void EndRevocation(Holder<TId> holder, string key)
    {
        if (_revoking.TryGetValue(key, out var holders) && holders.Remove(holder) && holders.Count == 0)
            _revoking.Remove(key);
    }

    private void Remove(Holder<TId> holder, string key)
    {
        holder.Ahead.Remove(key);
        if (holder.HasLapsed || Find(key) is not { } registration)
            return;
        registration.Remove(holder.Number);
        if (!keepsUnheld && registration.IsEmpty)
            Forget(registration);
    }

    // It leaves the queue when it is looked at next.
    private void Forget(Registration registration)
    {
        _keys.Remove(registration.Key);
        _moreWords -= registration.MoreWords;
    }

    /// <summary>Looks at the registration that was not looked at for longest, and removes the bits of holders that have lapsed.</summary>
    private void Look(bool forgets)
    {
        if (_first is { } first)
        {
            _first = first.Next;
            if (_first is null)
                _last = null;
            first.Next = null;
            if (_keys.GetValueOrDefault(first.Key) == first)
            {
                if (_retired.Count > 0)
                    RemoveRetired(first);

                if (first.IsEmpty && (forgets || !keepsUnheld))
                {
                    Forget(first);
                }
                else
                {
                    first.LookedAt = ++_looks;
                    Append(first);
                }
            }
        }

        while (_retired.TryPeek(out var retired) && (_first is null || _first.LookedAt > retired.Since))
            _free.Push(_retired.Dequeue().Number);
    }

    private void RemoveRetired(Registration registration)
    {
        foreach (var number in registration.Numbers().ToArray())
        {
            if (_byNumber[number] is null)
                registration.Remove(number);
        }
    }

    private void Append(Registration registration)
    {
        if (_last is null)
            _first = registration;
        else
            _last.Next = registration;
        _last = registration;
    }
}

namespace OrleansCache.Entries;

/// <summary>Leases: how copies get and lose the right to be used, and what was granted on them to those below.</summary>
public sealed partial class CopyTable
{
    // A grant with its places in its table and its queue.
    private const int BytesPerGrant = 200;

    private readonly GrantTable _below;
    private readonly GenerationAges _ages;
    private readonly RenewalRules? _renewal;
    private readonly List<KeptCopy> _renewable = [];

    private long GrantBytes => (long)_below.Count * BytesPerGrant;

    /// <summary>Gives a copy a new lease on the row that it holds.</summary>
    /// <param name="copy">The copy.</param>
    /// <param name="identity">The row that the lease is on.</param>
    /// <param name="leaseEnds">The end of the lease.</param>
    /// <param name="noted">What <see cref="RevocationCounts.Of"/> was before it was asked for.</param>
    /// <returns>Whether it may be used again; not when it was revoked since, holds another row, or has left.</returns>
    public bool TryExtend(KeptCopy copy, BookIdentity identity, long leaseEnds, long noted)
    {
        ArgumentNullException.ThrowIfNull(copy);
        lock (_gate)
        {
            if (_isClosed || copy.Stay is not Stay.Kept || copy.Row.Identity != identity || Revocations.Of(copy.Book) != noted)
                return false;
            if (leaseEnds > copy.Tenure.LeaseEnds || copy.UsableUntil == long.MinValue)
            {
                copy.Extend(leaseEnds);
                Refile(copy);
            }

            return true;
        }
    }

    /// <summary>Lets a copy stay for longer, because its row was read again and was the same.</summary>
    /// <param name="copy">The copy.</param>
    /// <param name="identity">The row that was read.</param>
    /// <param name="since">When it was read, at the earliest.</param>
    /// <param name="ends">The end of its time to live from then on.</param>
    /// <param name="noted">What <see cref="RevocationCounts.Of"/> was before it was read.</param>
    /// <returns>Whether it stays; not when it was revoked since, holds another row, or has left.</returns>
    public bool TryProlong(KeptCopy copy, BookIdentity identity, long since, long ends, long noted)
    {
        ArgumentNullException.ThrowIfNull(copy);
        lock (_gate)
        {
            if (_isClosed || copy.Stay is not Stay.Kept || copy.Row.Identity != identity || Revocations.Of(copy.Book) != noted)
                return false;
            copy.Prolong(since, ends);
            Refile(copy);
            return true;
        }
    }

    /// <summary>Gives a copy another row, with a lease on it.</summary>
    /// <returns>Whether it was taken; not when the book was revoked since it was asked for, or the copy has left.</returns>
    public bool TryReplace(KeptCopy copy, BookCopy row, Tenure tenure, long noted)
    {
        ArgumentNullException.ThrowIfNull(copy);
        ArgumentNullException.ThrowIfNull(row);
        List<KeptCopy>? evicted = null;
        lock (_gate)
        {
            if (_isClosed || copy.Stay is not Stay.Kept || Revocations.Of(copy.Book) != noted)
                return false;
            Take(copy, row, tenure, ref evicted);
        }

        Tell(evicted, LeaveReason.LeastRecentlyUsed);
        return true;
    }

    /// <summary>
    /// Ends the use of copies of these books, wherever they are on their way to, and says who below may still use one. The copies keep
    /// their rows: most edits are of other books of a counter, and a stale row is better than none when nobody can be asked.
    /// </summary>
    public Suspension Suspend(IReadOnlyList<string> books)
    {
        ArgumentNullException.ThrowIfNull(books);
        var tokens = new RevocationToken[books.Count];
        List<Grant>? below = null;
        lock (_gate)
        {
            var now = _clock.Now;
            for (var i = 0; i < books.Count; i++)
            {
                var count = Revocations.Raise(books[i]);
                var held = Find(books[i]);
                for (var copy = held; copy is not null; copy = copy.SameBook)
                    copy.EndUse();
                tokens[i] = new(count, now, held is not null);
                if (_below.Find(books[i], now) is { Holders: not 0 } grant)
                    (below ??= []).Add(grant);
            }
        }

        return new(tokens, below ?? []);
    }

    /// <summary>As <see cref="Suspend"/>, for all books of a slot.</summary>
    public Suspension SuspendSlot(int slot)
    {
        string[] books;
        lock (_gate)
        {
            // What is on its way here may be of any of them.
            Revocations.RaiseAll(slot);
            books = [.. HeldHereOrBelow().Where(book => CacheKey.Parse(book).SlotOf(_slots) == slot)];
        }

        return Suspend(books);
    }

    /// <summary>As <see cref="Suspend"/>, for all books.</summary>
    public Suspension SuspendAll()
    {
        string[] books;
        lock (_gate)
        {
            for (var slot = 0; slot < _slots; slot++)
                Revocations.RaiseAll(slot);
            books = [.. HeldHereOrBelow()];
        }

        return Suspend(books);
    }

    /// <summary>Who below may answer from a copy of a book, a bit for each by its number; see <see cref="GrantTable"/>.</summary>
    public ulong HoldersBelow(string book)
    {
        lock (_gate)
            return _below.Find(book, _clock.Now)?.Holders ?? 0;
    }

    /// <summary>Ends the use of all copies for good; nothing is kept or granted from here on.</summary>
    /// <returns>The grants to those below that have not ended.</returns>
    public IReadOnlyList<Grant> Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            foreach (var held in _byBook.All)
            {
                for (var copy = held; copy is not null; copy = copy.SameBook)
                    copy.EndUse();
            }

            return [.. _below.Live(_clock.Now)];
        }
    }

    /// <summary>Takes the row that a book got by the edit for which it was revoked.</summary>
    /// <param name="row">The row.</param>
    /// <param name="token">What was said of that revocation.</param>
    /// <param name="tenure">How long it may be used and kept; its lease counts from that revocation.</param>
    /// <returns>Whether it is used; not when the book was revoked again, or is not held any more.</returns>
    public bool TryTake(BookCopy row, RevocationToken token, Tenure tenure)
    {
        ArgumentNullException.ThrowIfNull(row);
        List<KeptCopy>? evicted = null;
        var taken = false;
        lock (_gate)
        {
            if (!_isClosed && Revocations.Of(row.Key) == token.Count)
            {
                for (var copy = Find(row.Key); copy is not null; copy = copy.SameBook)
                {
                    Take(copy, row, tenure, ref evicted);
                    taken = true;
                }
            }
        }

        Tell(evicted, LeaveReason.LeastRecentlyUsed);
        return taken;
    }

    /// <summary>Grants a client a lease below that of a copy, in the same step in which it is looked whether that one is valid.</summary>
    /// <param name="copy">The copy.</param>
    /// <param name="row">The row that the client has or is given.</param>
    /// <param name="client">The client's number; see <see cref="GrantTable"/>.</param>
    /// <returns>How long the client's lease is from now on, in milliseconds; 0 when none can be granted.</returns>
    public long Sublease(KeptCopy copy, BookIdentity row, int client)
    {
        ArgumentNullException.ThrowIfNull(copy);
        lock (_gate)
        {
            var now = _clock.Now;
            var until = copy.UsableUntil;
            return until > now && now >= copy.Tenure.CalmFrom && copy.Row.Identity == row && _below.TryGrant(copy.Book, row, client, until, now) ? until - now : 0;
        }
    }

    /// <summary>Takes the copies whose leases are to be renewed now.</summary>
    public KeptCopy[] TakeRenewable()
    {
        lock (_gate)
        {
            if (_renewable.Count == 0)
                return [];
            KeptCopy[] all = [.. _renewable.Where(copy => copy.Stay is Stay.Kept)];
            _renewable.Clear();
            return all;
        }
    }

    /// <summary>Has a lease that could not be renewed looked at again before it ends.</summary>
    public void RenewLater(KeptCopy copy, long moment)
    {
        ArgumentNullException.ThrowIfNull(copy);
        lock (_gate)
        {
            if (copy.Stay is not Stay.Kept || moment >= copy.UsableUntil)
                return;
            _expiry.Remove(copy);
            copy.Due = Math.Min(moment, copy.Ends);
            _expiry.Add(copy);
        }
    }

    private void Take(KeptCopy copy, BookCopy row, Tenure tenure, ref List<KeptCopy>? evicted)
    {
        _bytes -= copy.Bytes;
        Count(copy, -1);
        copy.Take(row, tenure);
        _bytes += copy.Bytes;
        Count(copy, 1);
        Refile(copy);
        // A row that has grown may push out others, and itself when there is still no room for it.
        MakeRoom(0, ref evicted);
        if (Held > BudgetBytes && copy.Stay is Stay.Kept)
        {
            _evictions++;
            Detach(copy, inLru: true);
            (evicted ??= []).Add(copy);
        }
    }

    private IEnumerable<string> HeldHereOrBelow() => _byBook.All.Select(copy => copy.Book).Concat(_below.Live(_clock.Now).Select(grant => grant.Book)).Distinct();

    private void ConsiderRenewal(KeptCopy copy, long now)
    {
        if (_renewal is not null && copy.UsableUntil > now && Volatile.Read(ref copy.LastUse) >= _ages.At(now - _renewal.UsedWithin) && _renewable.Count < _renewal.Most)
            _renewable.Add(copy);
        _expiry.Remove(copy);
        copy.Due = copy.Ends;
        _expiry.Add(copy);
    }

    private void Refile(KeptCopy copy)
    {
        _expiry.Remove(copy);
        File(copy);
    }

    private void File(KeptCopy copy)
    {
        copy.Due = _renewal is null || copy.Tenure.LeaseEnds == long.MaxValue ? copy.Ends : Math.Min(copy.Ends, copy.Tenure.LeaseEnds - _renewal.Before);
        _expiry.Add(copy);
    }
}

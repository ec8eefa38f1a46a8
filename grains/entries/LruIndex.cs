namespace OrleansCache.Entries;

/// <summary>
/// An LRU order whose readers take no lock and move nothing.
/// <list type="number">
/// <item>Time is counted in generations. A new one starts whenever 1/256 of the budget has been admitted, and with each call of
/// <see cref="Advance"/>.</item>
/// <item>A touch writes the current generation into the entry, and nothing else.</item>
/// <item>Each generation has a list of the entries that were filed in it.</item>
/// <item>To evict, take the first entry of the oldest list. If it was touched since, file it in the generation of its last use and take the
/// next; otherwise it is a least recently used one.</item>
/// <item>Only the last 1,024 generations have lists of their own; older lists are joined, since nothing in them needs an order any
/// more.</item>
/// <item>Absences have an order of their own, with the same generations, so that they can be evicted by themselves.</item>
/// </list>
/// So the order is exact to one generation. All members except <see cref="Touch"/> are called under the table's lock.
/// </summary>
internal sealed class LruIndex
{
    private const int Lists = 1024;
    private const int GenerationsPerBudget = 256;

    private static readonly CachedRow Nothing = CachedRow.Never("");

    private readonly Order _present = new();
    private readonly Order _absent = new();
    private readonly long _generationBytes;
    private long _now = Lists;
    private long _admitted;

    /// <summary>The current generation.</summary>
    public long Now => Volatile.Read(ref _now);

    public LruIndex(long budgetBytes) => _generationBytes = Math.Max(1, budgetBytes / GenerationsPerBudget);

    /// <summary>Notes a use. May be called by any thread.</summary>
    public void Touch(CacheEntry entry)
    {
        // Reading first keeps the cache line of a popular entry shared among the cores.
        var now = Volatile.Read(ref _now);
        if (entry.LastUse != now)
            entry.LastUse = now;
    }

    public void Add(CacheEntry entry)
    {
        if ((_admitted += entry.Bytes) >= _generationBytes)
        {
            _admitted = 0;
            Advance();
        }

        entry.LastUse = _now;
        OrderOf(entry).File(entry, _now);
    }

    public void Remove(CacheEntry entry) => Unlink(entry);

    /// <summary>Files an entry by its last use again, after it has become an absence or a book.</summary>
    public void Refile(CacheEntry entry)
    {
        Unlink(entry);
        OrderOf(entry).File(entry, Volatile.Read(ref entry.LastUse));
    }

    private static void Unlink(CacheEntry entry)
    {
        entry.Older!.Newer = entry.Newer;
        entry.Newer!.Older = entry.Older;
        entry.Older = entry.Newer = null;
    }

    /// <summary>Removes a least recently used entry that is not an absence; null when there is none.</summary>
    public CacheEntry? Evict() => _present.Evict(_now);

    /// <summary>Removes a least recently used absence; null when there is none.</summary>
    public CacheEntry? EvictAbsence() => _absent.Evict(_now);

    /// <summary>Starts a new generation.</summary>
    public void Advance()
    {
        _present.Leave(_now + 1 - Lists);
        _absent.Leave(_now + 1 - Lists);
        Volatile.Write(ref _now, _now + 1);
    }

    private Order OrderOf(CacheEntry entry) => entry.IsAbsence ? _absent : _present;

    /// <summary>The lists of the last generations.</summary>
    private sealed class Order
    {
        private readonly CacheEntry[] _lists = new CacheEntry[Lists];
        private long _oldest = 1;

        public Order()
        {
            for (var i = 0; i < Lists; i++)
            {
                // A circular list with a sentinel needs no special case for its ends.
                var sentinel = new CacheEntry(null, "", Nothing, default);
                _lists[i] = sentinel.Older = sentinel.Newer = sentinel;
            }
        }

        public void File(CacheEntry entry, long generation)
        {
            // Lists before the oldest one are empty, and are those of later generations already.
            var list = _lists[Math.Max(generation, _oldest) % Lists];
            entry.Newer = list;
            entry.Older = list.Older;
            list.Older!.Newer = entry;
            list.Older = entry;
        }

        public CacheEntry? Evict(long now)
        {
            while (true)
            {
                var list = _lists[_oldest % Lists];
                var first = list.Newer!;
                if (first == list)
                {
                    if (_oldest == now)
                        return null;
                    _oldest++;
                    continue;
                }

                Unlink(first);
                var used = Volatile.Read(ref first.LastUse);
                if (used <= _oldest)
                    return first;
                File(first, used);
            }
        }

        /// <summary>A generation has no list of its own any more.</summary>
        public void Leave(long generation)
        {
            if (_oldest > generation)
                return;
            Join(_lists[generation % Lists], _lists[(generation + 1) % Lists]);
            _oldest = generation + 1;
        }

        private static void Join(CacheEntry older, CacheEntry newer)
        {
            if (older.Newer == older)
                return;
            var (first, last) = (older.Newer!, older.Older!);
            last.Newer = newer.Newer;
            newer.Newer!.Older = last;
            newer.Newer = first;
            first.Older = newer;
            older.Newer = older.Older = older;
        }
    }
}

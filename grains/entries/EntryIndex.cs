using System.Runtime.InteropServices;

namespace OrleansCache.Entries;

/// <summary>
/// The entries of a table by key. Changed under the table's lock and searched without it.
/// <list type="number">
/// <item>The chains of the hash table run through the entries themselves, so a search reads the memory that the hit reads next.</item>
/// <item>A removed entry keeps its link, so that a concurrent search reaches the end of the chain.</item>
/// <item>When the table grows, its chains are relinked while searches run. A search that finds nothing meanwhile is repeated under the
/// lock; what a search finds is right in any case.</item>
/// <item>It has a hash of its own, with a secret seed, and not the one that a <see cref="CacheKey"/> carries: keys come from users, who
/// could otherwise choose keys that all fall into one chain.</item>
/// </list>
/// </summary>
internal sealed class EntryIndex(Lock gate)
{
    private const int FewestChains = 1_024;
    private const ulong Multiplier = 0x9FB21C651E98DF25;

    private readonly ulong _seed = (ulong)Random.Shared.NextInt64(long.MinValue, long.MaxValue);
    private CacheEntry?[] _chains = new CacheEntry?[FewestChains];
    private int _count;

    // Odd while the chains are relinked.
    private long _growth;

    /// <summary>The first entry of each key. To be called under the lock, and the index must not change meanwhile.</summary>
    public IEnumerable<CacheEntry> All
    {
        get
        {
            for (var chain = 0; chain < _chains.Length; chain++)
            {
                for (var entry = First(chain); entry is not null; entry = entry.NextInChain)
                    yield return entry;
            }
        }
    }

    /// <summary>
    /// How many chains there are; doubles as the table grows. The entries of chain <c>i</c> are then in the chains <c>i</c> and <c>i</c> and
    /// the former number, so a walk that goes on misses none.
    /// </summary>
    public int Chains => _chains.Length;

    /// <summary>The first entry of a chain, under the same conditions as <see cref="All"/>.</summary>
    public CacheEntry? First(int chain) => _chains[chain];

    /// <summary>The first entry of a key, or null. May be called by any thread.</summary>
    public CacheEntry? Find(string key)
    {
        var hash = HashOf(key);
        var growth = Volatile.Read(ref _growth);
        return Find(key, hash) ?? (growth % 2 == 0 && Volatile.Read(ref _growth) == growth ? null : FindLocked(key, hash));
    }

    /// <summary>Adds an entry as the first one of its key.</summary>
    public void Put(CacheEntry entry)
    {
        entry.Hash = HashOf(entry.Book);
        entry.SameKey = Find(entry.Book, entry.Hash);
        if (entry.SameKey is { } first)
        {
            Exchange(first, entry);
            return;
        }

        // At least half of the chains are empty: each further entry on the way costs another memory access.
        if (++_count > _chains.Length / 2)
            Grow();
        ref var chain = ref _chains[entry.Hash & (_chains.Length - 1)];
        entry.NextInChain = chain;
        Volatile.Write(ref chain, entry);
    }

    /// <summary>Removes an entry.</summary>
    public void Remove(CacheEntry entry)
    {
        var first = Find(entry.Book, entry.Hash)!;
        if (first != entry)
        {
            while (first.SameKey != entry)
                first = first.SameKey!;
            first.SameKey = entry.SameKey;
        }
        else if (entry.SameKey is { } next)
        {
            Exchange(entry, next);
        }
        else
        {
            _count--;
            Volatile.Write(ref PlaceOf(entry), entry.NextInChain);
        }

        entry.SameKey = null;
    }

    private static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value, Multiplier, out var low);
        return high ^ low;
    }

    private CacheEntry? Find(string key, int hash)
    {
        var chains = Volatile.Read(ref _chains);
        var entry = Volatile.Read(ref chains[hash & (chains.Length - 1)]);
        while (entry is not null && !(entry.Hash == hash && string.Equals(entry.Book, key)))
            entry = Volatile.Read(ref entry.NextInChain);
        return entry;
    }

    private CacheEntry? FindLocked(string key, int hash)
    {
        lock (gate)
            return Find(key, hash);
    }

    private void Exchange(CacheEntry old, CacheEntry other)
    {
        other.NextInChain = old.NextInChain;
        Volatile.Write(ref PlaceOf(old), other);
    }

    /// <summary>The link to an entry that is the first one of its key.</summary>
    private ref CacheEntry? PlaceOf(CacheEntry entry)
    {
        ref var place = ref _chains[entry.Hash & (_chains.Length - 1)];
        while (place != entry)
            place = ref place!.NextInChain;
        return ref place;
    }

    private void Grow()
    {
        Interlocked.Increment(ref _growth);
        var chains = new CacheEntry?[_chains.Length * 2];
        foreach (var first in _chains)
        {
            for (var entry = first; entry is not null;)
            {
                var next = entry.NextInChain;
                ref var chain = ref chains[entry.Hash & (chains.Length - 1)];
                Volatile.Write(ref entry.NextInChain, chain);
                chain = entry;
                entry = next;
            }
        }

        Volatile.Write(ref _chains, chains);
        Interlocked.Increment(ref _growth);
    }

    private int HashOf(string key)
    {
        var bytes = MemoryMarshal.AsBytes(key.AsSpan());
        var hash = _seed ^ (ulong)bytes.Length;
        if (bytes.Length < sizeof(ulong))
        {
            foreach (var character in key)
                hash = Mix(hash ^ character);
            return (int)hash;
        }

        var rest = bytes;
        for (; rest.Length > sizeof(ulong); rest = rest[sizeof(ulong)..])
            hash = Mix(hash ^ MemoryMarshal.Read<ulong>(rest));
        // The last eight bytes, which may overlap with the word before.
        return (int)Mix(hash ^ MemoryMarshal.Read<ulong>(bytes[^sizeof(ulong)..]));
    }
}

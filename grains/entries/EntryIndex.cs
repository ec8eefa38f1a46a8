using System.Runtime.InteropServices;

namespace OrleansCache.Entries;

/// <summary>
/// The entries of a table by their books. Changed under the table's lock; found without it, as a hit must share no lock and touch little memory.
/// <list type="number">
/// <item>The chains of the hash table run through the entries themselves: what a look-up reads on its way is what the hit reads next.</item>
/// <item>An entry that is taken out keeps its place in its chain, so that a reader that stands there gets to the end.</item>
/// <item>When the table grows, its chains are tied anew under the readers. One that has found nothing meanwhile looks again under the lock; what it has
/// found is right whenever that was.</item>
/// <item>Hashes have a secret seed: keys come from users, and nobody is to make chains long on purpose.</item>
/// </list>
/// </summary>
internal sealed class EntryIndex(Lock gate)
{
    private const int FewestChains = 1_024;
    private const ulong Multiplier = 0x9FB21C651E98DF25;

    private readonly ulong _seed = (ulong)Random.Shared.NextInt64(long.MinValue, long.MaxValue);
    private CacheEntry?[] _chains = new CacheEntry?[FewestChains];
    private int _count;

    // Odd while the chains are tied anew.
    private long _growth;

    /// <summary>The first entry of each book. To be called under the lock, and the index must not change meanwhile.</summary>
    public IEnumerable<CacheEntry> All
    {
        get
        {
            foreach (var first in _chains)
            {
                for (var entry = first; entry is not null; entry = entry.NextInChain)
                    yield return entry;
            }
        }
    }

    /// <summary>The first entry of a book, or null. May be called by any thread.</summary>
    public CacheEntry? Find(string key)
    {
        var hash = HashOf(key);
        var growth = Volatile.Read(ref _growth);
        return Find(key, hash) ?? (growth % 2 == 0 && Volatile.Read(ref _growth) == growth ? null : FindLocked(key, hash));
    }

    /// <summary>Puts an entry in as the first one of its book, in front of those that there are.</summary>
    public void Put(CacheEntry entry)
    {
        entry.Hash = HashOf(entry.Book);
        entry.SameBook = Find(entry.Book, entry.Hash);
        if (entry.SameBook is { } first)
        {
            Exchange(first, entry);
            return;
        }

        // At least half of the chains are empty: each further entry on the way is another line of memory to wait for.
        if (++_count > _chains.Length / 2)
            Grow();
        ref var chain = ref _chains[entry.Hash & (_chains.Length - 1)];
        entry.NextInChain = chain;
        Volatile.Write(ref chain, entry);
    }

    /// <summary>Takes an entry out.</summary>
    public void Remove(CacheEntry entry)
    {
        var first = Find(entry.Book, entry.Hash)!;
        if (first != entry)
        {
            while (first.SameBook != entry)
                first = first.SameBook!;
            first.SameBook = entry.SameBook;
        }
        else if (entry.SameBook is { } next)
        {
            Exchange(entry, next);
        }
        else
        {
            _count--;
            Volatile.Write(ref PlaceOf(entry), entry.NextInChain);
        }

        entry.SameBook = null;
    }

    private static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value, Multiplier, out var low);
        return high ^ low;
    }

    private CacheEntry? Find(string key, int hash)
    {
        var chains = Volatile.Read(ref _chains);
        for (var entry = Volatile.Read(ref chains[hash & (chains.Length - 1)]); entry is not null; entry = Volatile.Read(ref entry.NextInChain))
        {
            if (entry.Hash == hash && string.Equals(entry.Book, key))
                return entry;
        }

        return null;
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

    /// <summary>Where an entry hangs that is the first one of its book.</summary>
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
        // The last eight bytes, of which the word before may have had some already.
        return (int)Mix(hash ^ MemoryMarshal.Read<ulong>(bytes[^sizeof(ulong)..]));
    }
}

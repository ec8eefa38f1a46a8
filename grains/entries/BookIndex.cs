using System.Runtime.InteropServices;

namespace OrleansCache.Entries;

/// <summary>
/// The copies of a table by their books. Changed under the table's lock; found without it, as a hit must share no lock and touch little memory.
/// <list type="number">
/// <item>The chains of the hash table run through the copies themselves: what a look-up reads on its way is what the hit reads next.</item>
/// <item>A copy that is taken out keeps its place in its chain, so that a reader that stands there gets to the end.</item>
/// <item>When the table grows, its chains are tied anew under the readers. One that has found nothing meanwhile looks again under the lock; what it has
/// found is right whenever that was.</item>
/// <item>Hashes have a secret seed: keys come from users, and nobody is to make chains long on purpose.</item>
/// </list>
/// </summary>
internal sealed class BookIndex(Lock gate)
{
    private const int FewestChains = 1_024;
    private const ulong Multiplier = 0x9FB21C651E98DF25;

    private readonly ulong _seed = (ulong)Random.Shared.NextInt64(long.MinValue, long.MaxValue);
    private KeptCopy?[] _chains = new KeptCopy?[FewestChains];
    private int _count;

    // Odd while the chains are tied anew.
    private long _growth;

    /// <summary>The first copy of each book. To be called under the lock, and the index must not change meanwhile.</summary>
    public IEnumerable<KeptCopy> All
    {
        get
        {
            foreach (var first in _chains)
            {
                for (var copy = first; copy is not null; copy = copy.NextInChain)
                    yield return copy;
            }
        }
    }

    /// <summary>The first copy of a book, or null. May be called by any thread.</summary>
    public KeptCopy? Find(string book)
    {
        var hash = HashOf(book);
        var growth = Volatile.Read(ref _growth);
        return Find(book, hash) ?? (growth % 2 == 0 && Volatile.Read(ref _growth) == growth ? null : FindLocked(book, hash));
    }

    /// <summary>Puts a copy in as the first one of its book, in front of those that there are.</summary>
    public void Put(KeptCopy copy)
    {
        copy.Hash = HashOf(copy.Book);
        copy.SameBook = Find(copy.Book, copy.Hash);
        if (copy.SameBook is { } first)
        {
            Exchange(first, copy);
            return;
        }

        // At least half of the chains are empty: each further copy on the way is another line of memory to wait for.
        if (++_count > _chains.Length / 2)
            Grow();
        ref var chain = ref _chains[copy.Hash & (_chains.Length - 1)];
        copy.NextInChain = chain;
        Volatile.Write(ref chain, copy);
    }

    /// <summary>Takes a copy out.</summary>
    public void Remove(KeptCopy copy)
    {
        var first = Find(copy.Book, copy.Hash)!;
        if (first != copy)
        {
            while (first.SameBook != copy)
                first = first.SameBook!;
            first.SameBook = copy.SameBook;
        }
        else if (copy.SameBook is { } next)
        {
            Exchange(copy, next);
        }
        else
        {
            _count--;
            Volatile.Write(ref PlaceOf(copy), copy.NextInChain);
        }

        copy.SameBook = null;
    }

    private static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value, Multiplier, out var low);
        return high ^ low;
    }

    private KeptCopy? Find(string book, int hash)
    {
        var chains = Volatile.Read(ref _chains);
        for (var copy = Volatile.Read(ref chains[hash & (chains.Length - 1)]); copy is not null; copy = Volatile.Read(ref copy.NextInChain))
        {
            if (copy.Hash == hash && string.Equals(copy.Book, book))
                return copy;
        }

        return null;
    }

    private KeptCopy? FindLocked(string book, int hash)
    {
        lock (gate)
            return Find(book, hash);
    }

    private void Exchange(KeptCopy old, KeptCopy other)
    {
        other.NextInChain = old.NextInChain;
        Volatile.Write(ref PlaceOf(old), other);
    }

    /// <summary>Where a copy hangs that is the first one of its book.</summary>
    private ref KeptCopy? PlaceOf(KeptCopy copy)
    {
        ref var place = ref _chains[copy.Hash & (_chains.Length - 1)];
        while (place != copy)
            place = ref place!.NextInChain;
        return ref place;
    }

    private void Grow()
    {
        Interlocked.Increment(ref _growth);
        var chains = new KeptCopy?[_chains.Length * 2];
        foreach (var first in _chains)
        {
            for (var copy = first; copy is not null;)
            {
                var next = copy.NextInChain;
                ref var chain = ref chains[copy.Hash & (chains.Length - 1)];
                Volatile.Write(ref copy.NextInChain, chain);
                chain = copy;
                copy = next;
            }
        }

        Volatile.Write(ref _chains, chains);
        Interlocked.Increment(ref _growth);
    }

    private int HashOf(string book)
    {
        var bytes = MemoryMarshal.AsBytes(book.AsSpan());
        var hash = _seed ^ (ulong)bytes.Length;
        if (bytes.Length < sizeof(ulong))
        {
            foreach (var character in book)
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

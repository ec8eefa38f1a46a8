namespace OrleansCache.Entries;

/// <summary>An entry of a silo, whose row clients may have, too.</summary>
/// <param name="holder">Called when the entry must leave; null when it can be removed without its holder.</param>
/// <param name="key">Its key.</param>
/// <param name="row">Its row.</param>
/// <param name="lifetime">How long it may be used and kept.</param>
internal class SharedEntry(IEntryHolder? holder, string key, CachedRow row, EntryLifetime lifetime)
    : CacheEntry(holder, key, row, lifetime)
{
    private long _cooldownEnds = lifetime.CooldownEnds;
    private Registration? _clients;

    /// <summary>The moment from which clients may have the row; before that it was edited too recently.</summary>
    internal long CooldownEnds => Volatile.Read(ref _cooldownEnds);

    /// <summary>Which clients have the row, once there was one; read by hits without a lock.</summary>
    internal Registration? Clients
    {
        get => Volatile.Read(ref _clients);
        set => Volatile.Write(ref _clients, value);
    }

    internal override void Take(CachedRow row, EntryLifetime lifetime)
    {
        // Nobody uses it while its row is replaced.
        EndUse();
        Clients = null;
        Volatile.Write(ref _cooldownEnds, lifetime.CooldownEnds);
        base.Take(row, lifetime);
    }
}

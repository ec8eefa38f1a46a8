namespace OrleansCache.Client;

/// <summary>What is known of a key before it is asked for; its answer is validated against it.</summary>
/// <param name="Seen">The latest version that this client has seen.</param>
/// <param name="Epoch">The key's revocation epoch.</param>
/// <param name="At">The moment on the near cache's clock, in milliseconds, from which a lease of the answer counts.</param>
internal readonly record struct Observation(long Seen, long Epoch, long At);

/// <summary>The right of callers who asked after a lookup had begun to share its answer: a lease, while the key is not revoked.</summary>
/// <param name="Until">The moment on the near cache's clock, in milliseconds, at which it ends.</param>
/// <param name="Epoch">The key's revocation epoch when it was asked for.</param>
/// <param name="Version">The version of the answer's row, also where the row says that there is no book.</param>
internal readonly record struct LeaseToken(long Until, long Epoch, long Version)
{
    /// <summary>No right: only those who asked before the lookup began may have its answer.</summary>
    public static LeaseToken None => new(long.MinValue, 0, 0);
}

/// <summary>
/// Everything that this client knows of a key, the versions that it has seen and the entries of its near cache, and so which answers it may
/// give. It gives the session guarantees "monotonic reads" and "read your writes" (D. Terry et al., "Session Guarantees for Weakly
/// Consistent Replicated Data", 1994), and coherence under leases:
/// 1. an answer that was asked for before the key's last revocation is rejected, because a later answer may have been newer;
/// 2. an answer below the version that was seen, or below what the caller wants at least, is rejected unless the catalog was read for it;
/// 3. an answer with a lease is kept in the near cache;
/// 4. a flagged answer is exempt from all of this, and never kept.
/// </summary>
/// <param name="seen">The versions that were seen.</param>
/// <param name="near">The near cache; null when the client has none.</param>
internal sealed class ClientSession(SeenVersions seen, NearCache? near)
{
    /// <summary>The id under which silos grant leases to this client; empty when it wants none.</summary>
    public Guid Client => near?.Client ?? Guid.Empty;

    /// <summary>Whether this client gets leases, without which a caller must not share the answer of a lookup that began earlier.</summary>
    public bool HasLeases => near is not null;

    /// <summary>The number of the last message about released keys; to be read after <see cref="Observe"/>.</summary>
    public long Released => near?.Released ?? 0;

    /// <summary>The result of an entry that may be used now, or null. Takes no lock and allocates nothing.</summary>
    public LookupResult? Find(string key, long atLeast) => near?.Find(key, atLeast);

    /// <summary>The same for a key in whatever spelling; see <see cref="NearCache.FindKept"/>.</summary>
    public LookupResult? FindKept(string key, long atLeast) => near?.FindKept(key, atLeast);

    /// <summary>The latest version that was seen of a key; 0 when none is known.</summary>
    public long SeenOf(CacheKey key) => seen.Of(key.Text);

    /// <summary>Notes what is known of a key; to be called before it is asked for.</summary>
    public Observation Observe(CacheKey key)
    {
        // The near cache's version counts also where its lease has ended: this client has seen it.
        var version = Math.Max(seen.Of(key.Text), near?.VersionOf(key.Text) ?? 0);
        if (version > 0)
            seen.Note(key.Text, version);
        return near is null ? new(version, 0, 0) : new(version, near.EpochOf(key), near.Now);
    }

    /// <summary>Validates an answer, and keeps it if it came with a lease.</summary>
    /// <param name="key">The key.</param>
    /// <param name="observed">What was known before it was asked for.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="fresh">Whether the catalog itself was read for it.</param>
    /// <param name="atLeast">The lowest version that the caller wants; 0 for any.</param>
    /// <returns>The right of later callers to share it; null when the answer must not be given to anybody.</returns>
    public LeaseToken? TryAccept(CacheKey key, Observation observed, LookupAnswer answer, bool fresh, long atLeast)
    {
        if (answer.Flags is not LookupFlags.None)
            return LeaseToken.None;
        var version = answer.Row.Identity.Version;
        var isRevoked = near is not null && near.EpochOf(key) != observed.Epoch;
        if (isRevoked || (version < atLeast && !fresh) || !seen.TryPass(key.Text, version, fresh, observed.Seen))
            return null;
        return near is null ? LeaseToken.None : new(near.Keep(key, answer, observed), observed.Epoch, version);
    }

    /// <summary>Whether an answer may be shared right now with callers who asked after its lookup had begun.</summary>
    public bool CanShare(CacheKey key, LeaseToken lease) =>
        near is not null && near.Now < lease.Until && near.EpochOf(key) == lease.Epoch && lease.Version >= seen.Of(key.Text);

    /// <summary>Notes the version that an edit of this client made, or found in its way: nothing older may be given from now on.</summary>
    public void NoteEdit(CacheKey key, long version)
    {
        seen.Note(key.Text, version);
        near?.DropBelow(key.Text, version);
    }
}

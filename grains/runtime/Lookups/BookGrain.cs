using OrleansCache.Entries;
using OrleansCache.Placement;

namespace OrleansCache.Lookups;

/// <summary>
/// A book in a region: memory in front of the region's Redis. It lives as long as its entry: the silo's table tells it to
/// leave when the entry's time ends, or when others need the room; so no idle collection.
/// </summary>
[RegionPlacement, KeepAlive]
internal sealed class BookGrain(EntryLoader loader) : Grain, IBookGrain, IEntryHolder
{
    // Each round asks for a row that was revoked on its way here; so many edits in so short a time are more than can be read.
    private const int MostRounds = 20;

    // What a book takes besides its payload and its key, with its activation and its places in the tables: about 800 bytes on the bundled
    // engine and 2,200 on Microsoft Orleans, as bench/Footprint measures. The larger one counts, so that a budget is kept on both.
    internal const int BytesPerActivation = 2_200;

    // Of the grain's key this alone: a silo has very many of these.
    private string _book = "";
    private CacheEntry? _kept;
    private Task<Loaded>? _load;
    private int _loads;
    private int _newest;
    private bool _gone;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        loader.Activations.Began(this);
        _book = BookGrainKey.Parse(this.GetPrimaryKeyString()).Book;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _gone = true;
        LetGo();
        loader.Activations.Ended(this);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<LookupAnswer> LookupAsync(LookupOptions options, CancellationToken cancellation)
    {
        // The lease is looked at before the row: see CacheEntry.
        if (!options.Fresh && _kept is { } kept && loader.Clock.Now < kept.UsableUntil && kept.Row is var row && row.Identity.Version >= options.AtLeast)
        {
            loader.Entries.Touch(kept);
            loader.Counters.CountHit(Tier.Silo);
            return new(loader.Answer(row, Tier.Silo, kept.Lifetime, LookupFlags.None, kept, options.Client));
        }

        return LoadAsync(options, cancellation);
    }

    /// <inheritdoc/>
    public void Evict(CacheEntry entry, EvictionReason reason) =>
        GrainContext.Deactivate(new(DeactivationReasonCode.ApplicationRequested, reason switch
        {
            EvictionReason.Expired => "the copy's time to live has ended",
            EvictionReason.LeastRecentlyUsed => "the memory budget is full, and others were used more recently",
            _ => "the book has changed",
        }));

    private async ValueTask<LookupAnswer> LoadAsync(LookupOptions options, CancellationToken cancellation)
    {
        try
        {
            CacheKey.Validate(_book);
        }
        catch (InvalidKeyException)
        {
            DeactivateOnIdle();
            throw;
        }

        var fresh = options.Fresh;
        for (var round = 0; round < MostRounds; round++)
        {
            // A fresh read must begin after it was asked for, so it joins none that is under way.
            var joined = !fresh && _load is { IsCompleted: false };
            var load = joined ? _load! : fresh ? LoadAndKeepAsync(fresh: true) : _load = LoadAndKeepAsync(fresh: false);
            Loaded loaded;
            try
            {
                loaded = await load.WaitAsync(cancellation);
            }
            finally
            {
                if (load.IsCompleted && load == _load)
                    _load = null;
            }

            // From here to the answer there is no await: what is looked at must still be so when the answer is built.
            if (loaded.Flags is LookupFlags.None && !loader.MayAnswer(loaded, joined))
                continue;
            if (loaded.Flags is LookupFlags.None && !fresh && loaded.Row.Identity.Version < options.AtLeast)
            {
                fresh = true;
                continue;
            }

            loaded.Check(options);
            loader.Counters.CountHit(loaded.Tier);
            return loader.Answer(loaded.Row, loaded.Tier, loaded.Lifetime, loaded.Flags, _kept, options.Client);
        }

        throw new LookupFailedException($"\"{_book}\" is being edited faster than it can be read; ask again later.");
    }

    private async Task<Loaded> LoadAndKeepAsync(bool fresh)
    {
        var number = ++_loads;
        try
        {
            var loaded = await loader.LoadAsync(_book, _kept, fresh);
            for (var round = 1; loaded.Flags is LookupFlags.None && loader.IsLate(loaded) && round < MostRounds; round++)
                loaded = await loader.LoadAsync(_book, _kept, fresh);
            await loader.Points.CheckedAsync(_book);
            // A load that was overtaken by a later one brings nothing newer; and one that nobody waits for may outlive the grain.
            if (number > _newest && !_gone)
            {
                _newest = number;
                Keep(loaded);
            }

            return loaded;
        }
        catch
        {
            // Whatever it was, there is nothing to stay for, and nothing else would end the grain; the next lookup tries again.
            if (_kept is null)
                DeactivateOnIdle();
            throw;
        }
    }

    private void Keep(Loaded loaded)
    {
        // An answer that gave something up is not worth keeping, but what there was before is: the next lookup may do better.
        if (loaded.Flags is LookupFlags.None)
        {
            var (entries, observedEpoch, lifetime) = (loader.Entries, loader.ObservedEpochFor(loaded), loaded.Lifetime);
            if (_kept is { } kept && (kept.Row == loaded.Row
                ? entries.TryExtend(kept, loaded.Row.Identity, lifetime.LeaseEnds, observedEpoch)
                : entries.TryReplace(kept, loaded.Row, lifetime, observedEpoch)))
            {
                entries.Touch(kept);
                return;
            }

            if (lifetime.LeaseEnds > loader.Clock.Now)
            {
                LetGo();
                var entry = new CacheEntry(this, loaded.Row, lifetime, BytesPerActivation);
                _kept = entries.TryKeep(entry, observedEpoch) ? entry : null;
            }
        }

        if (_kept is null)
            DeactivateOnIdle();
    }

    private void LetGo()
    {
        if (_kept is not null)
            loader.Entries.Release(_kept);
        _kept = null;
    }
}

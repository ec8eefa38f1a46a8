using OrleansCache.Diagnostics;
using OrleansCache.Entries;
using OrleansCache.Placement;
using OrleansCache.Topology;

namespace OrleansCache.Lookups;

/// <summary>
/// The grain of one entry in one region. A hit is answered from its entry; a miss starts a load, which concurrent lookups join. The grain
/// lives as long as its entry: the silo's table deactivates it when the entry expires or is evicted, so Orleans does not collect it when
/// idle.
/// </summary>
[BookPlacement, KeepAlive]
internal sealed class BookGrain(
    LeasedEntryTable entries, EntryLoader loader, LoadAdmission admission, LookupAnswers answers, ActivationLog activations)
    : Grain, IBookGrain, IEntryHolder
{
    // A round is repeated when its row was revoked before it could be answered; after so many the key is edited faster than it can be read.
    private const int MaxRounds = 20;

    // Together with the payload and the key: the activation and the places in the tables, as bench/Footprint measures it.
    internal const int BytesPerActivation = 2_200;

    private CacheKey _key;
    private BookEntry? _kept;
    private Task<Loaded>? _load;
    private int _loads;
    private int _loadNumber;
    private int _newest;
    private bool _isDeactivated;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        activations.Began(this);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _isDeactivated = true;
        Release();
        activations.Ended(this);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<LookupAnswer?> LookupAsync(LookupOptions options, CancellationToken cancellation) =>
        !options.Fresh && _kept is { } kept && answers.TryAnswer(kept, _key, options) is { } hit
            ? new(hit)
            : LoadAsync(options, null, cancellation);

    /// <inheritdoc/>
    public async Task<TracedAnswer> TraceAsync(LookupOptions options, CancellationToken cancellation)
    {
        var recorder = answers.Record();
        if (!options.Fresh && _kept is { } kept && answers.TryAnswer(kept, _key, options) is { } hit)
        {
            recorder.Note(Tier.Silo, LookupStepResult.Hit);
            return recorder.Of(hit);
        }

        recorder.Note(Tier.Silo, _kept is null ? LookupStepResult.Miss : LookupStepResult.Hint);
        return recorder.Of(await LoadAsync(options, recorder, cancellation));
    }

    /// <inheritdoc/>
    public void Evict(CacheEntry entry, EvictionReason reason) =>
        GrainContext.Deactivate(new(DeactivationReasonCode.ApplicationRequested, reason switch
        {
            EvictionReason.Expired => "the entry's time to live has ended",
            EvictionReason.LeastRecentlyUsed => "the memory budget is full, and other entries were used more recently",
            _ => "the entry was dropped",
        }));

    private async ValueTask<LookupAnswer?> LoadAsync(LookupOptions options, LookupRecorder? recorder, CancellationToken cancellation)
    {
        ParseKey();
        var fresh = options.Fresh;
        // Loads that begin from here on answer this caller even without a lease, whoever begins them.
        var before = _loads;
        for (var round = 0; round < MaxRounds; round++)
        {
            // A fresh read must begin after the request for it, so it joins no load that has already begun.
            var joined = !fresh && _load is { IsCompleted: false };
            if (!joined && !admission.TryEnter())
            {
                Shed();
                return null;
            }

            if (joined)
                answers.CountCoalesced();
            var began = recorder?.Now ?? 0;
            var load = joined ? _load! : fresh ? LoadAndKeepAsync(true, recorder) : _load = LoadAndKeepAsync(false, recorder);
            var isOlder = joined && _loadNumber <= before;
            if (!joined && !fresh)
                _loadNumber = _loads;
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

            if (joined)
                recorder?.Note(loaded.Tier, LookupStepResult.Joined, began);
            // No await from here to the answer: what is checked must still hold when the answer is built.
            if (!loader.MayAnswer(loaded, isOlder))
                continue;
            if (fresh || loaded.IsFlagged || loaded.Row.Identity.Version >= options.AtLeast)
                return answers.Of(loaded, _kept, options);
            fresh = true;
        }

        throw new LookupFailedException(
            $"\"{_key}\" is edited faster than it can be read: {MaxRounds} loads in a row were revoked; try again later.");
    }

    /// <summary>Validates and hashes the key, once for the life of the grain.</summary>
    private void ParseKey()
    {
        if (_key.Text is not null)
            return;
        try
        {
            _key = CacheKey.Parse(BookGrainKey.Parse(this.GetPrimaryKeyString()).Book);
        }
        catch (Exception error) when (error is InvalidKeyException or FormatException)
        {
            DeactivateOnIdle();
            throw;
        }
    }

    /// <summary>Without an entry nothing else would deactivate the grain.</summary>
    private void Shed()
    {
        answers.CountShed();
        if (_kept is null && _load is null)
            DeactivateOnIdle();
    }

    /// <summary>Loads the row, after <see cref="LoadAdmission.TryEnter"/>.</summary>
    private async Task<Loaded> LoadAndKeepAsync(bool fresh, LookupRecorder? recorder)
    {
        var number = ++_loads;
        try
        {
            var loaded = await loader.LoadAsync(_key, _kept, fresh, recorder);
            // A later load may have completed first and has the newer row; and the grain may have been deactivated meanwhile.
            if (number > _newest && !_isDeactivated)
            {
                _newest = number;
                Keep(loaded);
            }

            return loaded;
        }
        catch
        {
            // Without an entry nothing else would deactivate the grain; the next lookup activates it again.
            if (_kept is null)
                DeactivateOnIdle();
            throw;
        }
        finally
        {
            admission.Leave();
        }
    }

    private void Keep(Loaded loaded)
    {
        // A flagged row is not kept, but the entry that there was stays: the next lookup may succeed in renewing it.
        if (!loaded.IsFlagged)
        {
            if (_kept is { } kept && (kept.Row == loaded.Row
                ? loader.HasLease(loaded)
                    && entries.TryConfirm(kept, loaded.Row.Identity, loaded.Volume, loaded.Lifetime.OwnEnd, loaded.ObservedEpoch)
                : entries.TryReplace(kept, loaded.Row, loaded.Lifetime, loaded.ObservedEpoch)))
            {
                entries.Touch(kept);
                return;
            }

            if (loader.HasLease(loaded))
            {
                Release();
                var entry = new BookEntry(this, loaded);
                _kept = entries.TryKeep(entry, loaded.ObservedEpoch) ? entry : null;
            }
        }

        if (_kept is null)
            DeactivateOnIdle();
    }

    private void Release()
    {
        if (_kept is not null)
            entries.Release(_kept);
        _kept = null;
    }
}

/// <summary>An entry of a silo, with the name of the node that its key belongs to.</summary>
internal sealed class BookEntry(BookGrain grain, Loaded loaded)
    : SharedEntry(grain, loaded.Key.Text, loaded.Row, loaded.Lifetime)
{
    private protected override int OwnBytes => BookGrain.BytesPerActivation;

    private string? _node;
    private long _ringVersion = long.MinValue;

    /// <summary>The name of the node, for diagnostics; looked up again only when the ring has changed. Null while no node is up.</summary>
    public string? NodeName(CacheKey key, RegionRoutes routes)
    {
        // The version is read first: a ring that changes in between is noticed by the next hit.
        if (routes.Version is var version && version != _ringVersion)
            (_node, _ringVersion) = (routes.NodeOf(key)?.Name, version);
        return _node;
    }
}

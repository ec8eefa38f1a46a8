using OrleansCache.Memory;
using OrleansCache.Placement;

namespace OrleansCache.Books;

/// <summary>
/// A book in a region: memory in front of the region's Redis. It lives as long as its copy: the silo's table tells it to
/// leave when the copy's time ends, when others need the room, or when the book changes; so no idle collection.
/// </summary>
[RegionPlacement, KeepAlive]
internal sealed class BookGrain(BookLoader loader) : Grain, IBookGrain, ICopyHolder
{
    private BookGrainKey _key;
    private Loaded? _loaded;
    private KeptCopy? _kept;
    private long _keptAt;
    private Task<Loaded>? _load;
    private long _loads;
    private long _newest;
    private bool _gone;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        loader.Activations.Began(this);
        _key = BookGrainKey.Parse(this.GetPrimaryKeyString());
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
        if (!options.Fresh && _kept is { } kept && _loaded is { } loaded)
        {
            var now = loader.Clock.Now;
            if (now < kept.UsableUntil)
            {
                loader.Copies.Touch(kept);
                loader.Counters.CountHit(Tier.Grain);
                return new(Answer(loaded, Tier.Grain, kept.UsableUntil - now, now - _keptAt));
            }
        }

        return LoadAsync(options, cancellation);
    }

    /// <inheritdoc/>
    public void Leave(KeptCopy copy, LeaveReason reason) =>
        GrainContext.Deactivate(new(DeactivationReasonCode.ApplicationRequested, reason switch
        {
            LeaveReason.Expired => "the copy's time to live has ended",
            LeaveReason.LeastRecentlyUsed => "the memory budget is full, and others were used more recently",
            _ => "the book has changed",
        }));

    private async ValueTask<LookupAnswer> LoadAsync(LookupOptions options, CancellationToken cancellation)
    {
        try
        {
            BookKey.Validate(_key.Book);
        }
        catch (InvalidBookKeyException)
        {
            DeactivateOnIdle();
            throw;
        }

        // A fresh read must begin after it was asked for, so it joins none that is under way.
        var load = options.Fresh ? LoadAndKeepAsync(fresh: true) : JoinLoad();
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

        loaded.Check(_key.Book, options);
        loader.Counters.CountHit(loaded.Tier);
        return Answer(loaded, loaded.Tier, (long)loaded.TimeToLive.TotalMilliseconds, 0);
    }

    private Task<Loaded> JoinLoad() =>
        _load is { IsCompleted: false } running ? running : _load = LoadAndKeepAsync(fresh: false);

    private async Task<Loaded> LoadAndKeepAsync(bool fresh)
    {
        var number = ++_loads;
        try
        {
            var loaded = await loader.LoadAsync(_key.Book, fresh);
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
        LetGo();
        // An answer that gave something up is not worth keeping: the next lookup may do better.
        _kept = loaded.Flags is LookupFlags.None
            ? loader.Copies.TryKeep(this, _key.Book, loaded.Copy.Payload?.Length, loaded.TimeToLive, loaded.LoadedAt)
            : null;
        if (_kept is null)
        {
            DeactivateOnIdle();
            return;
        }

        _loaded = loaded;
        _keptAt = loader.Clock.Now - (long)loaded.Age.TotalMilliseconds;
    }

    private void LetGo()
    {
        if (_kept is not null)
            loader.Copies.Release(_kept);
        _kept = null;
        _loaded = null;
    }

    private LookupAnswer Answer(Loaded loaded, Tier tier, long timeToLive, long age) =>
        new(
            loaded.Copy,
            tier,
            _key.Region,
            loader.NodeNameOf(_key.Book),
            TimeSpan.FromMilliseconds(timeToLive),
            tier is Tier.Grain ? TimeSpan.FromMilliseconds(age) : loaded.Age,
            loaded.Flags);
}

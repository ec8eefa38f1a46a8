using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OrleansCache.Configuration;
using OrleansCache.Diagnostics;
using OrleansCache.Entries;
using OrleansCache.Leases;
using OrleansCache.Owners;
using OrleansCache.Redis;
using OrleansCache.Telemetry;
using OrleansCache.Topology;

namespace OrleansCache.Lookups;

/// <summary>
/// Loads a row on a miss; one per silo.
/// <list type="number">
/// <item>The key's node in Redis is read; what it has is a hint, which need not be current. After a change of the ring the node that the
/// key belonged to before is read next, and what it has is offered to the new one.</item>
/// <item>The key's owner says whether the hint is current and grants a lease on it, or returns the newer row with a lease.</item>
/// <item>When the owner cannot be reached, the hint is answered flagged as stale; without a hint the catalog is read, flagged as
/// unleased.</item>
/// </list>
/// </summary>
internal sealed class EntryLoader(
    RegionRoutes routes,
    NodeWriter writer,
    OwnerClient owners,
    CatalogReader catalog,
    IOptions<CacheOptions> options,
    ILocalSiloDetails silo,
    LeaseTimes times,
    ILoadPoints points,
    IHostApplicationLifetime host,
    Clock clock,
    SiloCounters counters,
    LeasedEntryTable entries,
    VolumeLeases volumes)
{
    // After so many loads in a row that were revoked, the last one is returned; its callers start over or fail.
    private const int MaxRounds = 20;

    private readonly CacheOptions _options = options.Value;
    private readonly string _silo = silo.SiloAddress.ToParsableString();

    /// <summary>Whether a caller may be answered with a loaded row. Must be checked after the caller's last await.</summary>
    /// <param name="loaded">The row.</param>
    /// <param name="joined">Whether the load began before this caller's lookup, which then needs a lease that is still valid.</param>
    public bool MayAnswer(Loaded loaded, bool joined) =>
        loaded.IsFlagged || (!IsLate(loaded) && (!(joined || loaded.NeedsLease) || HasLease(loaded)));

    /// <summary>Whether the lease on a loaded row is still valid.</summary>
    public bool HasLease(Loaded loaded) => clock.Now < loaded.Lifetime.UsableUntil;

    /// <summary>Loads a row; again when the key was revoked meanwhile.</summary>
    /// <param name="key">The key.</param>
    /// <param name="held">The caller's entry, with or without a valid lease; null when it has none.</param>
    /// <param name="fresh">Whether to read the catalog itself, past every cache.</param>
    /// <param name="recorder">Notes the steps; null where nobody wants to know them.</param>
    /// <exception cref="LookupFailedException">Neither the owner nor the catalog could be reached.</exception>
    public async Task<Loaded> LoadAsync(CacheKey key, CacheEntry? held, bool fresh, LookupRecorder? recorder = null)
    {
        using var activity = Tracing.Source.StartActivity("load");
        var began = clock.TimeProvider.GetTimestamp();
        var loaded = await LoadOnceAsync(key, held, fresh, recorder);
        for (var round = 1; IsLate(loaded) && round < MaxRounds; round++)
            loaded = await LoadOnceAsync(key, held, fresh, recorder);
        counters.CountLoad(loaded.Tier, loaded.Flags, clock.TimeProvider.GetElapsedTime(began));
        activity?.SetTag(TelemetryNames.Tier, TelemetryNames.Of(loaded.Tier));
        await points.CheckedAsync(key.Text);
        return loaded;
    }

    // The key was revoked after the owner was asked, so the answer may be older than the edit.
    private bool IsLate(Loaded loaded) => !loaded.IsFlagged && entries.Epochs.Current(loaded.Key) != loaded.ObservedEpoch;

    private async Task<Loaded> LoadOnceAsync(CacheKey key, CacheEntry? held, bool fresh, LookupRecorder? recorder)
    {
        var hint = held is not null && held.Ends > clock.Now
            ? new Loaded(key, held.Row, Tier.Silo, new(null, held.Since, held.Ends))
            : null;
        if (hint is null && !fresh)
            hint = await ReadNodesAsync(key, recorder);
        var loaded = await AskOwnerAsync(key, hint, fresh, recorder);
        // A flagged row would come back from the node without its flag, and a row that came from the node is there already.
        var isNewToNode = loaded.Tier is Tier.Owner or Tier.Catalog || loaded.IsFromFormerNode;
        if (!loaded.IsFlagged && isNewToNode && loaded.Row.Identity != RowVersion.None)
        {
            var isOlder = hint?.Row.Identity.Version > loaded.Row.Identity.Version;
            writer.Enqueue(loaded.Row, loaded.Lifetime.Ends, overwrite: fresh || isOlder);
        }

        return loaded;
    }

    private async Task<Loaded?> ReadNodesAsync(CacheKey key, LookupRecorder? recorder)
    {
        // A node, or a shard of one, whose circuit is open is skipped; when it is the node, the router takes it off the ring soon.
        if (routes.NodeOf(key) is not { } node || !node.CanRead(key.Text))
            recorder?.Note(Tier.Redis, LookupStepResult.Failed, node: routes.NodeOf(key)?.Name);
        else if (await ReadNodeAsync(key, node, isFormer: false, recorder) is { } hint)
            return hint;
        if (routes.FormerNodeOf(key) is not { } former)
            return null;
        counters.CountFormerNodeRead();
        return await ReadNodeAsync(key, former, isFormer: true, recorder);
    }

    private async Task<Loaded?> ReadNodeAsync(CacheKey key, INode node, bool isFormer, LookupRecorder? recorder)
    {
        using var activity = Tracing.Source.StartActivity("redis read", ActivityKind.Client);
        activity?.SetTag(TelemetryNames.Node, node.Name);
        var began = clock.TimeProvider.GetTimestamp();
        var result = "failed";
        try
        {
            counters.CountNodeRead();
            var read = await node.ReadAsync(key.Text, CancellationToken.None);
            result = read is null ? "miss" : "hit";
            if (read is not { } entry)
                return null;
            var now = clock.Now;
            var left = Math.Min(entry.TimeToLive.TotalMilliseconds, _options.TimeToLive.TotalMilliseconds);
            return new(key, entry.Row, Tier.Redis, new(null, now, now + (long)left)) { IsFromFormerNode = isFormer };
        }
        catch (NodeUnavailableException)
        {
            counters.CountNodeFailure();
            return null;
        }
        finally
        {
            counters.CountNodeCall(node.Name, result, clock.TimeProvider.GetElapsedTime(began));
            activity?.SetTag(TelemetryNames.Result, result);
            recorder?.Note(
                Tier.Redis,
                result switch { "hit" => LookupStepResult.Hint, "miss" => LookupStepResult.Miss, _ => LookupStepResult.Failed },
                began,
                node.Name,
                isFormer);
        }
    }

    private async Task<Loaded> AskOwnerAsync(CacheKey key, Loaded? hint, bool fresh, LookupRecorder? recorder, bool mustRead = false)
    {
        var slot = key.SlotOf(_options.Slots);
        // Both are taken before the request is sent: a revocation from here on makes the answer late, and the lease counts from here.
        var observedEpoch = entries.Epochs.Current(key);
        var asked = clock.Now;
        var began = recorder?.Now ?? 0;
        LeaseGrant grant;
        try
        {
            grant = await owners.AcquireAsync(slot, RequestFor(key, slot, fresh ? null : hint, fresh || mustRead));
        }
        catch (Exception unreachable)
        {
            recorder?.Note(Tier.Owner, LookupStepResult.Failed, began);
            // A silo that stops has given its leases back and reaches owners no more; any other silo gives a better answer.
            if (host.ApplicationStopping.IsCancellationRequested)
                throw new RegionUnavailableException($"The silo {_silo} is stopping; ask another one.", unreachable);
            return hint is not null && !fresh
                ? hint with { Flags = LookupFlags.Stale }
                : await ReadCatalogAsync(key, slot, unreachable, recorder);
        }

        recorder?.NoteOwner(grant, began);
        var loaded = grant.Row is { } row
            ? new Loaded(key, row, grant.Source is GrantSource.Catalog ? Tier.Catalog : Tier.Owner, LifetimeOf(row, grant.Age))
            : hint!;
        var lifetime = loaded.Lifetime with
        {
            Volume = grant.Generation == LeaseGeneration.None ? null : volumes.Take(slot, grant.Generation, EndOf(grant.Lease, asked)),
            OwnEnd = grant.OwnLease is { } ownLease ? EndOf(ownLease, asked) : long.MaxValue,
            CooldownEnds = grant.IsPastCooldown ? long.MinValue : asked + times.NearCacheCooldownAfterWrite,
        };
        loaded = loaded with
        {
            Lifetime = lifetime,
            ObservedEpoch = observedEpoch,
            NeedsLease = grant.Source is not GrantSource.Catalog,
        };
        // The owner may have been replaced without knowing it: only a lease that is still valid says that it is right.
        return loaded.NeedsLease && !HasLease(loaded) ? await AskOwnerAsync(key, hint, fresh, recorder, mustRead: true) : loaded;
    }

    private LeaseRequest RequestFor(CacheKey key, int slot, Loaded? hint, bool fresh)
    {
        var volume = volumes.Of(slot);
        return new(key.Text, volumes.IsOpen ? _silo : null, hint?.Row.Identity, fresh, volume.AtLeast, volume.Releases.Sent);
    }

    private long EndOf(TimeSpan lease, long asked) =>
        lease > TimeSpan.Zero ? times.HeldUntil(asked, (long)lease.TotalMilliseconds) : long.MinValue;

    private async Task<Loaded> ReadCatalogAsync(CacheKey key, int slot, Exception unreachable, LookupRecorder? recorder)
    {
        var began = recorder?.Now ?? 0;
        try
        {
            var row = await catalog.ReadAsync(key.Text).WaitAsync(_options.OwnerBudget, clock.TimeProvider);
            recorder?.Note(Tier.Catalog, LookupStepResult.Read, began);
            return new(key, row.Row, Tier.Catalog, LifetimeOf(row.Row, row.Age(clock)), LookupFlags.Unleased);
        }
        catch (Exception error) when (error is CatalogUnavailableException or TimeoutException)
        {
            throw new LookupFailedException(
                $"\"{key}\" is in no cache, the owner of its slot {slot} cannot be reached ({unreachable.Message}), " +
                $"and the catalog cannot be read: {error.Message}",
                error);
        }
    }

    private EntryLifetime LifetimeOf(CachedRow row, TimeSpan age)
    {
        // The time to live counts from the catalog read, whichever way the row came here.
        var since = clock.Now - (long)age.TotalMilliseconds;
        return new(null, since, since + (long)Lifetime.Of(row, _options).TotalMilliseconds);
    }
}

/// <summary>A row that was loaded, and what may be done with it.</summary>
/// <param name="Key">The key.</param>
/// <param name="Row">The value, or its absence.</param>
/// <param name="Tier">Where it was found.</param>
/// <param name="Lifetime">How long it may be used and kept.</param>
/// <param name="Flags">What the load had to give up because something could not be reached. A flagged row is answered once and never
/// kept.</param>
internal sealed record Loaded(CacheKey Key, CachedRow Row, Tier Tier, EntryLifetime Lifetime, LookupFlags Flags = LookupFlags.None)
{
    /// <summary>
    /// The key's <see cref="RevocationEpochs"/> before the owner was asked. While it is current, the row has not been revoked.
    /// </summary>
    public long ObservedEpoch { get; init; }

    /// <summary>The volume lease under which it may be used.</summary>
    public VolumeLease Volume => Lifetime.Volume ?? VolumeLease.None;

    /// <summary>Whether it answers nobody without a valid lease, not even those who asked before it was requested.</summary>
    public bool NeedsLease { get; init; }

    /// <summary>Whether it was found on a node that the key does not belong to any more.</summary>
    public bool IsFromFormerNode { get; init; }

    /// <summary>Whether something was given up.</summary>
    public bool IsFlagged => Flags is not LookupFlags.None;
}

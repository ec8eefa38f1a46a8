using OrleansCache.Catalogs;
using OrleansCache.Entries;
using OrleansCache.Leases;
using OrleansCache.Telemetry;
using OrleansCache.Timing;

namespace OrleansCache.Owners;

/// <summary>Revocation of old rows, and registration for new ones.</summary>
internal sealed partial class EditRunner
{
    /// <summary>
    /// Works off what the change feed has found. Before this returns, no volume lease is extended any more without the order to drop what
    /// silos have of these keys; the revocations go on.
    /// </summary>
    public void NoteChanges(IReadOnlyList<ChangedRow> changes)
    {
        List<ChangedRow>? outdated = null;
        foreach (var change in changes)
        {
            // What this owner has written itself comes back, too.
            if (leases.Known(change.Key) == change.Identity)
                continue;
            InvalidateReads([change.Key]);
            if (RoundOf(change.Key) is { } round)
            {
                // The edit that is under way grants nothing older. What silos have until it ends is dropped with their renewals.
                round.Note(change);
                if (leases.IsNewer(change.Key, change.Identity))
                    leases.Revoke([change.Key]);
            }
            else if (leases.IsNewer(change.Key, change.Identity))
            {
                if (leases.IsHeld(change.Key))
                    (outdated ??= []).Add(change);
                else
                    leases.NoteCurrent(change.Key, change.Identity);
            }
        }

        if (outdated is not null)
            Track(RevokeOutOfBandAsync(outdated, CancellationToken.None));
    }

    /// <summary>
    /// Revokes the rows before out-of-band writes, as an edit does, before the new rows are granted. An edit of one of the keys that is
    /// under way does so itself, and is waited for.
    /// </summary>
    public async Task RevokeOutOfBandAsync(IReadOnlyList<ChangedRow> changes, CancellationToken cancellation)
    {
        if (changes.Select(change => RoundOf(change.Key)).FirstOrDefault(running => running is not null) is { } running)
        {
            await running.Ended.WaitAsync(cancellation);
            return;
        }

        var round = Begin([.. changes.Select(change => change.Key)]);
        try
        {
            await Task.WhenAll(leases.Revoke(round.Keys).Select(revocation => RevokeAsync(revocation, round)));
            foreach (var change in changes)
                leases.NoteCurrent(change.Key, change.Identity);
        }
        finally
        {
            Leave(round);
        }
    }

    /// <summary>Revokes keys because too many are known; they are then forgotten.</summary>
    public async Task RecallAsync(string[] keys, CancellationToken cancellation)
    {
        string[] free = [.. keys.Where(key => RoundOf(key) is null)];
        if (free.Length == 0)
            return;
        var round = Begin(free);
        try
        {
            await Task.WhenAll(leases.Revoke(free).Select(revocation => RevokeAsync(revocation, round))).WaitAsync(cancellation);
        }
        finally
        {
            Leave(round);
        }
    }

    /// <summary>Revokes other rows than these, which others have written, within an edit of the same keys.</summary>
    private async Task RevokeOutOfBandAsync(CachedRow[] rows, EditRound round, CancellationToken cancellation)
    {
        CachedRow[] outOfBand = [.. rows.Where(leases.IsOutOfBand)];
        if (outOfBand.Length > 0)
            await RevokeAsync([.. outOfBand.Select(row => row.Key)], round, cancellation);
        // Where nobody had the row before, it must not be taken for the current one either.
        foreach (var row in rows)
            leases.NoteCurrent(row.Key, row.Identity);
    }

    /// <summary>
    /// Revokes these keys everywhere, or waits for the ends of the leases under which they may be used. Where that takes long, other
    /// readers get the old rows meanwhile, with ends that are no later; a second pass revokes those, and allows no further ones. When it is
    /// cancelled, what is under way goes on, and the round lasts until it has ended.
    /// </summary>
    private async Task RevokeAsync(string[] keys, EditRound round, CancellationToken cancellation)
    {
        using var activity = Tracing.Source.StartActivity("revoke");
        var began = services.Clock.TimeProvider.GetTimestamp();
        try
        {
            await RevokeAllAsync(keys, round, cancellation);
        }
        finally
        {
            services.Counters.CountEditWait(services.Clock.TimeProvider.GetElapsedTime(began));
        }
    }

    private async Task RevokeAllAsync(string[] keys, EditRound round, CancellationToken cancellation)
    {
        reads.Invalidate(keys);
        var limit = long.MaxValue;
        for (var isFirstPass = true; ; isFirstPass = false)
        {
            foreach (var key in keys)
                round.Forget(key);
            var revocations = leases.Revoke(keys);
            if (revocations.Count == 0)
                return;
            // Only once: otherwise readers that ask all the time would keep the edit waiting.
            if (isFirstPass)
                round.AllowOldRows(limit = revocations.Max(revocation => revocation.Limit));
            round.Revoking = Task.WhenAll(revocations.Select(
                revocation => RevokeAsync(revocation with { Limit = Math.Min(revocation.Limit, limit) }, round)));
            await round.Revoking.WaitAsync(cancellation);
            if (!round.ForbidOldRows())
                return;
        }
    }

    private async Task RevokeAsync(Revocation<string> revocation, EditRound round)
    {
        var (silo, keys) = (revocation.Holder.Id, revocation.Keys);
        if (await services.Revoker.RevokeAsync(silo, keys, revocation.Limit) is not { } tokens)
        {
            leases.GiveUp(revocation);
            return;
        }

        leases.Acknowledge(revocation);
        for (var i = 0; i < keys.Length; i++)
        {
            if (tokens[i].HeldEntry)
                round.Add(keys[i], new(silo, tokens[i]));
        }
    }

    /// <summary>Registers the silos that have given up the old rows for the new ones, and pushes these to them.</summary>
    private void GrantNewRows(List<CachedRow> rows, long began, EditRound round)
    {
        var bySilo = new Dictionary<string, List<PushedRow>>();
        foreach (var row in rows)
        {
            // Somebody else has written a newer row meanwhile, and volume leases may count from then.
            if (round.IsOutdated(row))
                continue;
            // Keys that nobody has, as in an import, need not be remembered; of the others some will be asked for at once.
            leases.NoteCurrent(row.Key, row.Identity);
            if (round.AcknowledgementsOf(row.Key) is not { } acknowledgements)
                continue;
            reads.Remember(row.Key, new(row, began));
            foreach (var (silo, token) in acknowledgements)
            {
                if (leases.TryRegisterNew(silo, row, token.Released) is { } holder)
                {
                    (bySilo.TryGetValue(silo, out var pushed) ? pushed : bySilo[silo] = [])
                        .Add(new(row, token, leases.GenerationOf(holder)));
                }
            }
        }

        foreach (var (silo, pushed) in bySilo)
            Track(PushAsync(silo, [.. pushed]));
    }

    private void Track(Task work)
    {
        work.ObserveError();
        _background.RemoveWhere(former => former.IsCompleted);
        _background.Add(work);
    }

    private async Task PushAsync(string silo, PushedRow[] rows)
    {
        try
        {
            await grains.GetGrain<ILeaseHolder>(silo).TakeAsync(rows);
        }
        catch (Exception)
        {
            // A silo that misses the rows asks for them when it needs them.
        }
    }
}

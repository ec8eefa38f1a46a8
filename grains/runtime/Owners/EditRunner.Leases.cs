using OrleansCache.Entries;
using OrleansCache.Leases;
using OrleansCache.Telemetry;

namespace OrleansCache.Owners;

/// <summary>Revocation of leases on old rows, and leases on new ones.</summary>
internal sealed partial class EditRunner
{
    /// <summary>
    /// Revokes the leases on the row before an out-of-band write, as an edit does, before the new row is granted. An edit of the key
    /// that is under way does so itself, and is waited for.
    /// </summary>
    public async Task RevokeOutOfBandAsync(CachedRow row, CancellationToken cancellation)
    {
        if (RoundOf(row.Key) is { } running)
        {
            await running.Ended.WaitAsync(cancellation);
            return;
        }

        var round = Begin([row.Key]);
        try
        {
            if (leases.Find(row.Key) is not { } grant)
                return;
            await Task.WhenAll(
                leases.HoldersOf(grant).ToArray().Select(holder => services.Revoker.RevokeAsync(holder, round.Keys, grant.Until)));
            leases.Remove(row);
        }
        finally
        {
            Leave(round);
        }
    }

    /// <summary>Revokes the leases on other rows than these, which others have written, within an edit of the same keys.</summary>
    private async Task RevokeOutOfBandAsync(CachedRow[] rows, EditRound round)
    {
        CachedRow[] outOfBand = [.. rows.Where(leases.IsOutOfBand)];
        if (outOfBand.Length == 0)
            return;
        await RevokeAsync([.. outOfBand.Select(row => row.Key)], round);
        foreach (var row in outOfBand)
            leases.Remove(row);
    }

    /// <summary>
    /// Revokes every lease on these keys, or waits for its end. Where that takes long, other readers get leases on the old rows
    /// meanwhile, which end no later; a second pass revokes those, and allows no further ones.
    /// </summary>
    private async Task RevokeAsync(string[] keys, EditRound round)
    {
        using var activity = Tracing.Source.StartActivity("revoke");
        var began = services.Clock.TimeProvider.GetTimestamp();
        try
        {
            await RevokeAllAsync(keys, round);
        }
        finally
        {
            services.Counters.CountEditWait(services.Clock.TimeProvider.GetElapsedTime(began));
        }
    }

    private async Task RevokeAllAsync(string[] keys, EditRound round)
    {
        reads.Invalidate(keys);
        for (var isFirstPass = true; ; isFirstPass = false)
        {
            foreach (var key in keys)
                round.Forget(key);
            var byHolder = keys.Select(leases.Find).OfType<Grant>()
                .SelectMany(grant => leases.HoldersOf(grant), (grant, holder) => (Holder: holder, Grant: grant))
                .GroupBy(held => held.Holder, held => held.Grant)
                .ToDictionary(held => held.Key, held => held.ToList());
            if (byHolder.Count == 0)
                return;
            // Only once: otherwise readers that ask all the time would keep the edit waiting.
            if (isFirstPass)
                round.AllowOldRows(byHolder.Values.Max(held => held.Max(grant => grant.Until)));
            await Task.WhenAll(byHolder.Select(held => RevokeAsync(held.Key, held.Value, round)));
            if (!round.ForbidOldRows())
                return;
        }
    }

    private async Task RevokeAsync(string holder, List<Grant> held, EditRound round)
    {
        string[] keys = [.. held.Select(grant => grant.Book)];
        if (await services.Revoker.RevokeAsync(holder, keys, held.Max(grant => grant.Until)) is not { } tokens)
            return;
        for (var i = 0; i < keys.Length; i++)
        {
            if (tokens[i].HeldEntry)
                round.Add(keys[i], new(holder, tokens[i]));
        }
    }

    /// <summary>Grants the new rows to the holders that have given up the old ones, and pushes the rows to them.</summary>
    private void GrantNewRows(List<CachedRow> rows, long began, EditRound round)
    {
        var byHolder = new Dictionary<string, List<PushedRow>>();
        foreach (var row in rows)
        {
            // Keys that nobody holds, as in an import, need not be remembered; of the others some will be asked for at once.
            if (round.AcknowledgementsOf(row.Key) is not { } acknowledgements)
            {
                // No lease on the old row is left. Its stale record must not make the new row look like an out-of-band write.
                if (leases.Find(row.Key) is not null)
                    leases.Remove(row);
                continue;
            }

            reads.Remember(row.Key, new(row, began));
            if (!leases.TryReplace(row, acknowledgements.Select(acknowledgement => acknowledgement.Holder)))
                continue;
            foreach (var (holder, token) in acknowledgements)
                (byHolder.TryGetValue(holder, out var pushed) ? pushed : byHolder[holder] = []).Add(new(row, token));
        }

        _pushes.RemoveWhere(push => push.IsCompleted);
        foreach (var (holder, pushed) in byHolder)
            _pushes.Add(PushAsync(holder, [.. pushed]));
    }

    private async Task PushAsync(string holder, PushedRow[] rows)
    {
        try
        {
            await grains.GetGrain<ILeaseHolder>(holder).TakeAsync(rows);
        }
        catch (Exception)
        {
            // A holder that misses the rows asks for them when it needs them.
        }
    }
}

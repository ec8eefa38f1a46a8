using OrleansCache.Catalogs;
using OrleansCache.Entries;

namespace OrleansCache.Owners;

/// <summary>
/// Makes the edits of a slot. Edits of one key are made one after the other; edits of several keys that come in one call are made
/// together, with one message to each silo and one commit:
/// <list type="number">
/// <item>Wait for former edits of the same keys to end.</item>
/// <item>Invalidate reads: no row read before is granted from here on. Read the rows, and see which edits apply.</item>
/// <item>Revoke the old rows everywhere, or wait until nobody can use them.</item>
/// <item>Commit, each edit only if its row is still the one that was read, and all only under the slot's present epoch.</item>
/// <item>Register the silos that have acknowledged for the new rows, answer the author, and push the rows.</item>
/// </list>
/// A part of <see cref="OwnerGrain"/>, on whose scheduler it runs.
/// </summary>
/// <param name="slot">The slot.</param>
/// <param name="services">What the owners of a silo share.</param>
/// <param name="leases">What the owner has granted.</param>
/// <param name="reads">The owner's catalog reads.</param>
/// <param name="grains">Reaches the silos.</param>
/// <param name="ready">Completes with the owner's term when nobody can use anything that was granted before it.</param>
/// <param name="replaced">Called when another owner has raised the slot's epoch.</param>
internal sealed partial class EditRunner(
    int slot,
    OwnerServices services,
    SlotLeases leases,
    SlotReads reads,
    IGrainFactory grains,
    Func<CancellationToken, Task<SlotTerm>> ready,
    Action replaced)
{
    // Several writers that bypass this owner at once could make a commit fail again and again.
    private const int MaxAttempts = 20;

    private readonly Dictionary<string, EditRound> _rounds = [];
    private readonly HashSet<Task> _background = [];

    public int Slot => slot;

    /// <summary>The edits of the last moments.</summary>
    public RecentEdits Recent { get; } = new(services.Times);

    private long Now => services.Clock.Now;

    /// <summary>The round that edits a key; null when there is none.</summary>
    public EditRound? RoundOf(string key) => _rounds.GetValueOrDefault(key);

    /// <summary>Whether any edit is under way, any row still has to be pushed, or the outcome of a write is unknown.</summary>
    public bool IsBusy => _rounds.Count > 0 || _indeterminateWrites.Count > 0 || _background.Any(work => !work.IsCompleted);

    public bool IsUnderWay(string key) => _rounds.ContainsKey(key);

    /// <summary>Throws if an edit is not one that this owner can make.</summary>
    public void Check(Edit edit)
    {
        var key = CacheKey.Parse(edit.Key);
        if (key.SlotOf(services.Settings.Slots) is var owned && owned != slot)
        {
            throw new InvalidPayloadException(
                $"\"{key}\" belongs to slot {owned}, not to slot {slot}; configure client and silos with the same number of slots "
                + $"({services.Settings.Slots} here).");
        }

        if (edit.Id == Guid.Empty)
            throw new InvalidPayloadException(
                $"The edit of \"{key}\" has no id; give each edit a new one, and the same when it is repeated.");
        if (edit.Payload is null)
            return;
        if (edit.Payload.Length > BookPayload.MaxBytes)
            throw new InvalidPayloadException(
                $"The payload of \"{key}\" has {edit.Payload.Length:N0} bytes; at most {BookPayload.MaxBytes:N0} are allowed.");
        BookPayload.Decode(edit.Payload);
    }

    /// <summary>Makes edits; see <see cref="IOwnerGrain.EditAsync"/>.</summary>
    public async Task<EditResult[]> RunAsync(Edit[] edits, CancellationToken cancellation)
    {
        var results = new EditResult[edits.Length];
        // An edit of a key that stands before in the same call must have ended before the next one begins.
        foreach (var batch in Distinct(edits))
        {
            var round = await EnterAsync([.. batch.Select(i => edits[i].Key)], cancellation);
            try
            {
                await RunAsync(edits, batch, round, results, cancellation);
            }
            finally
            {
                // An acknowledgement that is still to come must not be taken for one of a later revocation.
                if (round.Revoking.IsCompleted)
                    Leave(round);
                else
                    Track(LeaveLaterAsync(round));
            }
        }

        return results;
    }

    /// <summary>Waits while no lease can be granted on a key.</summary>
    public async Task WaitUntilGrantableAsync(string key, CancellationToken cancellation)
    {
        while (true)
        {
            if (_rounds.TryGetValue(key, out var round))
            {
                await round.Ended.WaitAsync(services.Settings.Leases.EditPatience, services.Clock.TimeProvider, cancellation)
                    .ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
                cancellation.ThrowIfCancellationRequested();
                // An edit that waits for an unreachable silo must not keep readers from the old row.
                if (!round.Ended.IsCompleted && round.GrantUntil(Now) is not null)
                    return;
            }
            else if (IsIndeterminate(key))
            {
                await RaiseAsync().WaitAsync(cancellation);
            }
            else
            {
                return;
            }
        }
    }

    private static IEnumerable<List<int>> Distinct(Edit[] edits)
    {
        var rest = Enumerable.Range(0, edits.Length).ToList();
        while (rest.Count > 0)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            var batch = rest.Where(i => seen.Add(edits[i].Key)).ToList();
            yield return batch;
            rest = [.. rest.Except(batch)];
        }
    }

    private async Task<EditRound> EnterAsync(string[] keys, CancellationToken cancellation)
    {
        while (true)
        {
            if (keys.Select(RoundOf).FirstOrDefault(running => running is not null) is { } before)
                await before.Ended.WaitAsync(cancellation);
            else if (keys.Any(IsIndeterminate))
                await RaiseAsync().WaitAsync(cancellation);
            else
                return Begin(keys);
        }
    }

    private EditRound Begin(string[] keys)
    {
        var round = new EditRound(keys);
        foreach (var key in keys)
            _rounds.Add(key, round);
        InvalidateReads(keys);
        return round;
    }

    private async Task LeaveLaterAsync(EditRound round)
    {
        await round.Revoking.ConfigureAwait(
            ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        Leave(round);
    }

    private void Leave(EditRound round)
    {
        foreach (var key in round.Keys)
            _rounds.Remove(key);
        round.End();
        // Others have written to it since, and this round has not granted anything newer.
        ChangedRow[] outdated = [.. round.Changes.Where(change => leases.IsNewer(change.Key, change.Identity))];
        if (outdated.Length > 0)
            Track(RevokeOutOfBandAsync(outdated, CancellationToken.None));
    }

    private async Task RunAsync(Edit[] edits, List<int> batch, EditRound round, EditResult[] results, CancellationToken cancellation)
    {
        await services.Points.ReachedAsync(EditPoint.Entered, round.Keys);
        var open = batch;
        for (var attempt = 0; open.Count > 0; attempt++)
        {
            if (attempt == MaxAttempts)
            {
                throw new CatalogUnavailableException(
                    $"Other writers change \"{edits[open[0]].Key}\" all the time; it was not changed here. "
                    + "Repeat the call later with the same ids: its other edits may have been made.");
            }

            var term = await ready(cancellation);
            var rows = await services.Reader.ReadForEditsAsync([.. open.Select(i => edits[i].Key)], cancellation);
            var applying = new List<(int Edit, CachedRow Row)>();
            var doubtful = new List<int>();
            for (var i = 0; i < open.Count; i++)
            {
                if (EvaluateWithoutWriting(edits[open[i]], rows[i]) is not { } result)
                {
                    applying.Add((open[i], rows[i]));
                    continue;
                }

                results[open[i]] = result;
                doubtful.Add(open[i]);
            }

            await RecognizeRepeatedEditsAsync(edits, results, doubtful, term, cancellation);
            // An author that learns of an out-of-band write must not read an older row afterwards, and neither must anybody else.
            await RevokeOutOfBandAsync(rows, round, cancellation);
            if (applying.Count == 0)
                return;
            string[] changing = [.. applying.Select(apply => edits[apply.Edit].Key)];
            await services.Points.ReachedAsync(EditPoint.Read, changing);
            await RevokeAsync(changing, round, cancellation);
            cancellation.ThrowIfCancellationRequested();
            await services.Points.ReachedAsync(EditPoint.Revoked, changing);
            open = await CommitAsync(edits, applying, changing, term, round, results);
        }
    }

    /// <summary>The result of an edit for which nothing has to be written; null when something has to.</summary>
    private static EditResult? EvaluateWithoutWriting(Edit edit, CachedRow row)
    {
        if (row.Identity.Tag == edit.Id)
            return Done(edit, row.Identity);
        if (!edit.IsMetBy(row))
            return new(EditOutcome.Conflict, row.Identity);
        var isUnchanged = edit.Payload is null ? !row.Exists : row.Payload is { } payload && payload.AsSpan().SequenceEqual(edit.Payload);
        return isUnchanged ? new(EditOutcome.Unchanged, row.Identity) : null;
    }

    private static EditResult Done(Edit edit, RowVersion identity) =>
        new(edit.Payload is null ? EditOutcome.Removed : identity.Version == 1 ? EditOutcome.Created : EditOutcome.Updated, identity);

    /// <summary>
    /// An edit that seems to conflict may have been made already, and its row changed since. One that seems to change nothing may
    /// have written the row itself, which others have changed and changed back since. The question also checks the epoch: an owner that was
    /// replaced must not answer, since what was granted by its successor was not revoked.
    /// </summary>
    private async Task RecognizeRepeatedEditsAsync(
        Edit[] edits, EditResult[] results, List<int> doubtful, SlotTerm term, CancellationToken cancellation)
    {
        // No row has this identity, so nothing is written; the catalog only recognizes what it has written before.
        CatalogWrite[] questions =
            [.. doubtful.Select(i => new CatalogWrite(edits[i].Id, edits[i].Key, edits[i].Payload, new(long.MaxValue, edits[i].Id)))];
        if (questions.Length == 0)
            return;
        var answers = await AskAsync(questions, term, cancellation);
        for (var i = 0; i < questions.Length; i++)
        {
            if (answers[i].Outcome is not CatalogWriteOutcome.MadeBefore)
                continue;
            foreach (var edit in Enumerable.Range(0, edits.Length).Where(edit => edits[edit].Id == questions[i].Id))
                results[edit] = Done(edits[edit], answers[i].Identity);
        }
    }

    private async Task<CatalogWriteResult[]> AskAsync(CatalogWrite[] questions, SlotTerm term, CancellationToken cancellation)
    {
        while (true)
        {
            var epoch = term.WriteEpoch;
            try
            {
                return await services.Catalog.WriteAsync(questions, new SlotEpoch(slot, epoch), cancellation);
            }
            catch (StaleEpochException) when (leases.Term == term && term.WriteEpoch > epoch)
            {
                // This owner has raised it itself meanwhile.
            }
            catch (OutcomeUnknownException lost)
            {
                throw new CatalogUnavailableException($"The catalog could not be asked about \"{questions[0].Key}\": {lost.Message}", lost);
            }
            catch (StaleEpochException)
            {
                if (leases.Term == term)
                    replaced();
                throw;
            }
        }
    }

    /// <summary>Writes the edits that apply.</summary>
    /// <returns>The edits whose rows somebody else has changed meanwhile.</returns>
    private async Task<List<int>> CommitAsync(
        Edit[] edits, List<(int Edit, CachedRow Row)> applying, string[] keys, SlotTerm term, EditRound round, EditResult[] results)
    {
        var began = Now;
        // What was revoked in another term says nothing about what was granted in this one.
        if (leases.Term != term)
            return [.. applying.Select(apply => apply.Edit)];
        var epoch = term.WriteEpoch;
        CatalogWrite[] writes =
        [
            .. from apply in applying
               let edit = edits[apply.Edit]
               select new CatalogWrite(edit.Id, edit.Key, edit.Payload, apply.Row.Identity),
        ];
        CatalogWriteResult[] written;
        try
        {
            // Not cancelled from here on: what is stored is stored, whether or not the author still waits.
            written = await services.Catalog.WriteAsync(writes, new SlotEpoch(slot, epoch), CancellationToken.None);
        }
        catch (StaleEpochException) when (leases.Term != term || term.WriteEpoch > epoch)
        {
            // This owner has raised it itself meanwhile, after a write of unknown outcome or to begin anew.
            return [.. applying.Select(apply => apply.Edit)];
        }
        catch (StaleEpochException)
        {
            replaced();
            throw;
        }
        catch (Exception error) when (error is not CatalogUnavailableException)
        {
            _indeterminateWrites.UnionWith(keys);
            InvalidateReads(keys);
            foreach (var key in keys)
                leases.Forget(key);
            // Without waiting for somebody who asks: nothing is granted on these books before.
            Track(RaiseAsync());
            throw error as OutcomeUnknownException ?? new OutcomeUnknownException(
                $"It is unknown whether {writes.Length:N0} books of slot {slot} were stored; "
                + $"store them again with the same ids, which is safe: {error.Message}",
                error);
        }

        // Rows that were read while the round waited, or during the commit, must not be granted after it.
        InvalidateReads(keys);
        await services.Points.ReachedAsync(EditPoint.Committed, keys);
        var again = new List<int>();
        var rows = new List<CachedRow>();
        for (var i = 0; i < applying.Count; i++)
        {
            var edit = edits[applying[i].Edit];
            if (written[i].Outcome is CatalogWriteOutcome.Mismatch)
            {
                again.Add(applying[i].Edit);
                continue;
            }

            results[applying[i].Edit] = Done(edit, written[i].Identity);
            if (written[i].Outcome is CatalogWriteOutcome.Written)
                rows.Add(new(edit.Key, written[i].Identity, edit.Payload));
        }

        GrantNewRows(rows, began, round);
        await services.Points.ReachedAsync(EditPoint.Granted, keys);
        return again;
    }

    /// <summary>From here on no row that was read before is granted.</summary>
    private void InvalidateReads(string[] keys)
    {
        foreach (var key in keys)
            Recent.Note(key, Now);
        reads.Invalidate(keys);
    }
}

using OrleansCache.Catalogs;
using OrleansCache.Entries;

namespace OrleansCache.Owners;

/// <summary>
/// Makes the edits of a slot. Edits of one key are made one after the other; edits of several keys that come in one call are made
/// together, with one message to each silo and one commit:
/// <list type="number">
/// <item>Wait for former edits of the same keys to end.</item>
/// <item>Invalidate reads: no row read before is granted from here on. Read the rows, and see which edits apply.</item>
/// <item>Revoke every lease on the old rows, or wait for its end.</item>
/// <item>Commit, each edit only if its row is still the one that was read.</item>
/// <item>Grant the new rows to the holders that have acknowledged, answer the author, and push the rows.</item>
/// </list>
/// A part of <see cref="OwnerGrain"/>, on whose scheduler it runs.
/// </summary>
internal sealed partial class EditRunner(int slot, OwnerServices services, SlotLeases leases, SlotReads reads, IGrainFactory grains)
{
    // Several writers that bypass this owner at once could make a commit fail again and again.
    private const int MaxAttempts = 20;

    private const int MaxIndeterminateWrites = 10_000;

    private readonly Dictionary<string, EditRound> _rounds = [];
    private readonly Dictionary<string, Task?> _indeterminateWrites = [];
    private readonly HashSet<Task> _pushes = [];

    public int Slot => slot;

    /// <summary>The edits of the last moments.</summary>
    public RecentEdits Recent { get; } = new(services.Times);

    private long Now => services.Clock.Now;

    /// <summary>The round that edits a key; null when there is none.</summary>
    public EditRound? RoundOf(string key) => _rounds.GetValueOrDefault(key);

    /// <summary>Whether any edit is under way, or any row still has to be pushed or fenced.</summary>
    public bool IsBusy => _rounds.Count > 0 || _indeterminateWrites.Count > 0 || _pushes.Any(push => !push.IsCompleted);

    public bool IsUnderWay(string key) => _rounds.ContainsKey(key);

    /// <summary>Whether the outcome of a write of a key is unknown; nothing is granted on it before it has been fenced.</summary>
    public bool IsIndeterminate(string key) => _indeterminateWrites.ContainsKey(key);

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
        if (_indeterminateWrites.Count >= MaxIndeterminateWrites)
        {
            throw new CatalogUnavailableException(
                $"The outcome of {MaxIndeterminateWrites:N0} writes to slot {slot} is unknown; "
                + $"\"{key}\" is not written before the catalog responds again.");
        }

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
                Leave(round);
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
                await FenceAsync(key).WaitAsync(cancellation);
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
            else if (keys.FirstOrDefault(IsIndeterminate) is { } indeterminate)
                await FenceAsync(indeterminate).WaitAsync(cancellation);
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

    private void Leave(EditRound round)
    {
        foreach (var key in round.Keys)
            _rounds.Remove(key);
        round.End();
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

            var rows = await services.Reader.ReadAtOnceAsync([.. open.Select(i => edits[i].Key)], cancellation);
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
                if (result.Outcome is EditOutcome.Conflict or EditOutcome.Unchanged)
                    doubtful.Add(open[i]);
            }

            await RecognizeRepeatedEditsAsync(edits, results, doubtful, cancellation);
            // An author that learns of an out-of-band write must not read an older row afterwards, and neither must anybody else.
            await RevokeOutOfBandAsync(rows, round);
            if (applying.Count == 0)
                return;
            string[] changing = [.. applying.Select(apply => edits[apply.Edit].Key)];
            await services.Points.ReachedAsync(EditPoint.Read, changing);
            await RevokeAsync(changing, round);
            cancellation.ThrowIfCancellationRequested();
            await services.Points.ReachedAsync(EditPoint.Revoked, changing);
            open = await CommitAsync(edits, applying, changing, round, results);
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
    /// have written the row itself, which has another identity since it was fenced.
    /// </summary>
    private async Task RecognizeRepeatedEditsAsync(Edit[] edits, EditResult[] results, List<int> doubtful, CancellationToken cancellation)
    {
        // No row has this identity, so nothing is written; the catalog only recognizes what it has written before.
        CatalogWrite[] questions =
            [.. doubtful.Select(i => new CatalogWrite(edits[i].Id, edits[i].Key, edits[i].Payload, new(long.MaxValue, edits[i].Id)))];
        if (questions.Length == 0)
            return;
        var answers = await services.Catalog.WriteAsync(questions, null, cancellation);
        for (var i = 0; i < questions.Length; i++)
        {
            if (answers[i].Outcome is not CatalogWriteOutcome.MadeBefore)
                continue;
            foreach (var edit in Enumerable.Range(0, edits.Length).Where(edit => edits[edit].Id == questions[i].Id))
                results[edit] = Done(edits[edit], answers[i].Identity);
        }
    }

    /// <summary>Writes the edits that apply.</summary>
    /// <returns>The edits whose rows somebody else has changed meanwhile.</returns>
    private async Task<List<int>> CommitAsync(
        Edit[] edits, List<(int Edit, CachedRow Row)> applying, string[] keys, EditRound round, EditResult[] results)
    {
        var began = Now;
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
            written = await services.Catalog.WriteAsync(writes, null, CancellationToken.None);
        }
        catch (Exception error) when (error is not CatalogUnavailableException)
        {
            foreach (var key in keys)
                _indeterminateWrites[key] = null;
            InvalidateReads(keys);
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

    /// <summary>
    /// Makes sure that a write of unknown outcome has either been made or never will be: the row gets another identity, so that a write
    /// that is still in flight no longer finds the row that it is conditional on.
    /// </summary>
    private Task FenceAsync(string key)
    {
        if (_indeterminateWrites.TryGetValue(key, out var running) && running is { IsCompleted: false })
            return running;
        var fence = RunFenceAsync(key);
        if (IsIndeterminate(key))
            _indeterminateWrites[key] = fence;
        return fence;
    }

    private async Task RunFenceAsync(string key)
    {
        await services.Catalog.FenceAsync([key], CancellationToken.None);
        InvalidateReads([key]);
        _indeterminateWrites.Remove(key);
    }

    /// <summary>From here on no row that was read before is granted.</summary>
    private void InvalidateReads(string[] keys)
    {
        foreach (var key in keys)
            Recent.Note(key, Now);
        reads.Invalidate(keys);
    }
}

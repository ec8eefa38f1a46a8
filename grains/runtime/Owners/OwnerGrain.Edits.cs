using OrleansCache.Catalogs;
using OrleansCache.Entries;
using OrleansCache.Leases;

namespace OrleansCache.Owners;

/// <summary>
/// Edits. Those of one book go one after the other; those of several books that come in one call are made together, with one message to
/// each silo and one commit:
/// <list type="number">
/// <item>Wait until the leases of a former owner have ended, and the books' edits before this one.</item>
/// <item>From here on no row is granted that was read before; read the rows, and see which edits apply.</item>
/// <item>Take back every lease on the old rows, or wait for its end.</item>
/// <item>Commit, each edit only if its row is still the one that was read.</item>
/// <item>Remember who gave a lease back and so gets the new row, answer the author, and send the rows.</item>
/// </list>
/// </summary>
internal sealed partial class OwnerGrain
{
    // Several writers past this owner at once could make a commit fail again and again.
    private const int MostTries = 20;

    private const int MostIndeterminateWrites = 10_000;

    private readonly Dictionary<string, EditRound> _rounds = [];
    private readonly Dictionary<string, Task?> _indeterminateWrites = [];
    private readonly HashSet<Task> _pushes = [];

    /// <inheritdoc/>
    public async Task<EditResult[]> EditAsync(Edit[] edits, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(edits);
        foreach (var edit in edits)
            Check(edit);
        await AwaitPredecessorLeasesAsync().WaitAsync(cancellation);
        var results = new EditResult[edits.Length];
        // An edit of a book that stands before in the same call must have ended before it begins.
        foreach (var batch in Distinct(edits))
        {
            string[] books = [.. batch.Select(i => edits[i].Key)];
            var round = await EnterAsync(books, cancellation);
            try
            {
                await EditAsync(edits, batch, books, round, results, cancellation);
            }
            finally
            {
                Leave(books, round);
            }
        }

        return results;
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

    private async Task<EditRound> EnterAsync(string[] books, CancellationToken cancellation)
    {
        while (true)
        {
            if (books.Select(key => _rounds.GetValueOrDefault(key)).FirstOrDefault(running => running is not null) is { } before)
            {
                await before.Ended.WaitAsync(cancellation);
            }
            else if (books.FirstOrDefault(_indeterminateWrites.ContainsKey) is { } doubtful)
            {
                await FenceAsync(doubtful).WaitAsync(cancellation);
            }
            else
            {
                var round = new EditRound();
                foreach (var key in books)
                {
                    _rounds.Add(key, round);
                    _edits.Note(key, Now);
                }

                InvalidatePendingReads(books);
                return round;
            }
        }
    }

    private void Leave(string[] books, EditRound round)
    {
        foreach (var key in books)
            _rounds.Remove(key);
        round.End();
    }

    private async Task EditAsync(Edit[] edits, List<int> batch, string[] books, EditRound round, EditResult[] results, CancellationToken cancellation)
    {
        await services.Points.ReachedAsync(EditPoint.Entered, books);
        var open = batch;
        var given = new Dictionary<string, List<PushedTo>>();
        for (var tries = 0; open.Count > 0; tries++)
        {
            if (tries == MostTries)
                throw new CatalogUnavailableException($"\"{edits[open[0]].Key}\" is written by others all the time; it was not changed. Repeat the call later with the same ids: what else it was to change may have been.");
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
            // Who is told what somebody else has written must not find an older row afterwards, and nor must anybody.
            await RevokeOutOfBandAsync(rows, round, given);
            if (applying.Count == 0)
                return;
            string[] changing = [.. applying.Select(apply => edits[apply.Edit].Key)];
            await services.Points.ReachedAsync(EditPoint.Read, changing);
            await RevokeAsync(changing, round, given);
            cancellation.ThrowIfCancellationRequested();
            await services.Points.ReachedAsync(EditPoint.Revoked, changing);
            open = await CommitAsync(edits, applying, given, results);
        }
    }

    /// <summary>What becomes of an edit without anything being written; null when it must be.</summary>
    private static EditResult? EvaluateWithoutWriting(Edit edit, CachedRow row)
    {
        if (row.Identity.Tag == edit.Id)
            return Done(edit, row.Identity);
        if (!edit.IsMetBy(row))
            return new(EditOutcome.Conflict, row.Identity);
        return edit.Payload is null ? (row.Exists ? null : new(EditOutcome.Unchanged, row.Identity))
            : row.Payload is { } payload && payload.AsSpan().SequenceEqual(edit.Payload) ? new(EditOutcome.Unchanged, row.Identity)
            : null;
    }

    private static EditResult Done(Edit edit, RowVersion identity) =>
        new(edit.Payload is null ? EditOutcome.Removed : identity.Version == 1 ? EditOutcome.Created : EditOutcome.Updated, identity);

    /// <summary>
    /// An edit that seems to be in conflict may have been made already, and its own row changed since; and one that seems to change nothing may have
    /// made the row what it is, under another identity, when it had to be fenced.
    /// </summary>
    private async Task RecognizeRepeatedEditsAsync(Edit[] edits, EditResult[] results, List<int> doubtful, CancellationToken cancellation)
    {
        // No row has this identity, so nothing is written; only what was made before is recognized.
        CatalogWrite[] questions = [.. doubtful.Select(i => new CatalogWrite(edits[i].Id, edits[i].Key, edits[i].Payload, new(long.MaxValue, edits[i].Id)))];
        if (questions.Length == 0)
            return;
        var answers = await services.Catalog.WriteAsync(questions, cancellation);
        for (var i = 0; i < questions.Length; i++)
        {
            if (answers[i].Outcome is not CatalogWriteOutcome.MadeBefore)
                continue;
            foreach (var edit in Enumerable.Range(0, edits.Length).Where(edit => edits[edit].Id == questions[i].Id))
                results[edit] = Done(edits[edit], answers[i].Identity);
        }
    }

    /// <summary>Writes the edits.</summary>
    /// <returns>Those that did not apply any more, because somebody else has changed the row.</returns>
    private async Task<List<int>> CommitAsync(Edit[] edits, List<(int Edit, CachedRow Row)> applying, Dictionary<string, List<PushedTo>> given, EditResult[] results)
    {
        var began = Now;
        CatalogWriteResult[] written;
        try
        {
            // From here on it cannot be cancelled: what is stored is stored, whether or not the author still waits.
            written = await services.Catalog.WriteAsync([.. applying.Select(apply => new CatalogWrite(edits[apply.Edit].Id, edits[apply.Edit].Key, edits[apply.Edit].Payload, apply.Row.Identity))], CancellationToken.None);
        }
        catch (Exception error) when (error is not CatalogUnavailableException)
        {
            foreach (var (edit, _) in applying)
                _indeterminateWrites[edits[edit].Key] = null;
            InvalidateReads();
            throw error as OutcomeUnknownException ?? new OutcomeUnknownException(
                $"Whether {applying.Count:N0} books of slot {this.GetPrimaryKeyString()} were stored is not known; store them again, which is safe: {error.Message}", error);
        }

        InvalidateReads();
        await services.Points.ReachedAsync(EditPoint.Committed, [.. applying.Select(apply => edits[apply.Edit].Key)]);
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

        GrantNew(rows, began, given);
        await services.Points.ReachedAsync(EditPoint.Granted, [.. applying.Select(apply => edits[apply.Edit].Key)]);
        return again;

        // What was read of the old rows while the round waited, or while the commit was under way, must not be granted after it.
        void InvalidateReads()
        {
            foreach (var (edit, _) in applying)
                _edits.Note(edits[edit].Key, Now);
            InvalidatePendingReads([.. applying.Select(apply => edits[apply.Edit].Key)]);
        }
    }

    /// <summary>Grants the new rows to those who gave the old ones back, and sends them.</summary>
    private void GrantNew(List<CachedRow> rows, long began, Dictionary<string, List<PushedTo>> given)
    {
        var byHolder = new Dictionary<string, List<PushedRow>>();
        foreach (var row in rows)
        {
            // Books that nobody holds, as in an import, need not be remembered; of the others some will be asked for at once.
            if (!given.TryGetValue(row.Key, out var to))
            {
                // Who had the old row has given it back and does not hold it any more; it must not stand in the way of the new one.
                if (_grants.Find(row.Key, Now) is not null)
                    _grants.Replace(row.Key, row.Identity, 0, Now, Now);
                continue;
            }

            services.Recent.Remember(this, row.Key, new(row, began));
            // The numbers are asked for anew: each must last for as long as the grant, or another holder could get it meanwhile.
            var ended = services.Times.EndedAt(Now);
            var numbers = to.Aggregate(0UL, (all, one) => all | (1UL << _holders.NumberOf(one.Holder, ended, Now)));
            _grants.Replace(row.Key, row.Identity, numbers, ended, Now);
            if (_grants.Find(row.Key, Now) is not { Holders: not 0 } && numbers != 0)
                continue;
            foreach (var (holder, token) in to)
                (byHolder.TryGetValue(holder, out var pushed) ? pushed : byHolder[holder] = []).Add(new(row, token));
        }

        foreach (var (holder, pushed) in byHolder)
            TrackPush(PushAsync(holder, [.. pushed]));
    }

    private async Task PushAsync(string holder, PushedRow[] rows)
    {
        try
        {
            await GrainFactory.GetGrain<ILeaseHolder>(holder).TakeAsync(rows);
        }
        catch (Exception)
        {
            // It asks for them when it needs them.
        }
    }

    private void TrackPush(Task push)
    {
        _pushes.RemoveWhere(ended => ended.IsCompleted);
        _pushes.Add(push);
    }

    /// <summary>
    /// Makes sure that a write whose outcome is not known has either been made or never will be: the row gets another identity, so that a write that
    /// is still on its way finds that its row is not the one that it was meant for.
    /// </summary>
    private Task FenceAsync(string key)
    {
        if (_indeterminateWrites.TryGetValue(key, out var running) && running is { IsCompleted: false })
            return running;
        var fence = Run();
        if (_indeterminateWrites.ContainsKey(key))
            _indeterminateWrites[key] = fence;
        return fence;

        async Task Run()
        {
            await services.Catalog.FenceAsync([key], CancellationToken.None);
            InvalidatePendingReads([key]);
            _edits.Note(key, Now);
            _indeterminateWrites.Remove(key);
        }
    }

    private void InvalidatePendingReads(string[] books)
    {
        foreach (var key in books)
            _reads.Remove(key);
        services.Recent.Forget(books);
    }

    private void Check(Edit edit)
    {
        var slot = CacheKey.Parse(edit.Key).SlotOf(services.Settings.Slots);
        if (KeyOf(slot) != this.GetPrimaryKeyString())
            throw new InvalidPayloadException($"\"{edit.Key}\" belongs to slot {slot}, not to slot {this.GetPrimaryKeyString()}; client and silos must be configured with the same number of slots ({services.Settings.Slots} here).");
        if (edit.Id == Guid.Empty)
            throw new InvalidPayloadException($"The edit of \"{edit.Key}\" has no id; give each edit a new one, and the same when it is repeated.");
        if (_indeterminateWrites.Count >= MostIndeterminateWrites)
            throw new CatalogUnavailableException($"The outcome of {MostIndeterminateWrites:N0} writes to slot {slot} is not known; \"{edit.Key}\" is not written before the catalog answers again.");
        if (edit.Payload is null)
            return;
        if (edit.Payload.Length > BookPayload.MaxBytes)
            throw new InvalidPayloadException($"The payload of \"{edit.Key}\" has {edit.Payload.Length:N0} bytes; at most {BookPayload.MaxBytes:N0} are kept.");
        BookPayload.Decode(edit.Payload);
    }

    private readonly record struct PushedTo(string Holder, RevocationToken Token);
}

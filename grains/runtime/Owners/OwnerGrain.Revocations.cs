using OrleansCache.Entries;

namespace OrleansCache.Owners;

/// <summary>How leases are taken back: for an edit, and for a row that somebody else has written.</summary>
internal sealed partial class OwnerGrain
{
    /// <summary>
    /// Takes back every lease on these books, or waits for its end. Where that takes long, others are given leases on the old rows
    /// meanwhile, which end no later; those are taken back in a second pass, in which nobody is given another.
    /// </summary>
    private async Task RevokeAsync(string[] books, EditRound round, Dictionary<string, List<PushedTo>> given)
    {
        InvalidatePendingReads(books);
        for (var pass = 1; ; pass++)
        {
            foreach (var book in books)
                given.Remove(book);
            var byHolder = new Dictionary<string, List<Grant>>();
            foreach (var grant in books.Select(book => _grants.Find(book, Now)).OfType<Grant>())
            {
                foreach (var holder in _holders.Of(grant.Holders))
                    (byHolder.TryGetValue(holder, out var held) ? held : byHolder[holder] = []).Add(grant);
            }

            if (byHolder.Count == 0)
                return;
            // Once only: readers that ask all the time would keep the edit waiting otherwise.
            if (pass == 1)
                round.AllowOldRows(byHolder.Values.Max(held => held.Max(grant => grant.Until)));
            await Task.WhenAll(byHolder.Select(held => RevokeAsync(held.Key, [.. held.Value.Select(grant => grant.Book)], held.Value.Max(grant => grant.Until), given)));
            if (!round.ForbidOldRows())
                return;
        }
    }

    private async Task RevokeAsync(string holder, string[] books, long until, Dictionary<string, List<PushedTo>> given)
    {
        if (await services.Revoker.RevokeAsync(holder, books, until) is not { } tokens)
            return;
        for (var i = 0; i < books.Length; i++)
        {
            if (tokens[i].HeldEntry)
                (given.TryGetValue(books[i], out var to) ? to : given[books[i]] = []).Add(new(holder, tokens[i]));
        }
    }

    /// <summary>Takes back the leases on rows that are not those that others have written meanwhile, within an edit of the same books.</summary>
    private async Task RevokeOutOfBandAsync(CachedRow[] rows, EditRound round, Dictionary<string, List<PushedTo>> given)
    {
        CachedRow[] outOfBand = [.. rows.Where(IsOutOfBand)];
        if (outOfBand.Length == 0)
            return;
        await RevokeAsync([.. outOfBand.Select(row => row.Key)], round, given);
        foreach (var row in outOfBand)
            _grants.Replace(row.Key, row.Identity, 0, Now, Now);
    }

    /// <summary>
    /// A row that somebody else has written while leases are out on another one: those are taken back before it is granted, as for an edit. No edit of the book may be
    /// under way.
    /// </summary>
    private async Task HandleOutOfBandWriteAsync(CachedRow row)
    {
        string[] books = [row.Key];
        var round = new EditRound();
        _rounds.Add(row.Key, round);
        _edits.Note(row.Key, Now);
        try
        {
            InvalidatePendingReads(books);
            if (_grants.Find(row.Key, Now) is not { } grant)
                return;
            await Task.WhenAll(_holders.Of(grant.Holders).ToArray().Select(holder => services.Revoker.RevokeAsync(holder, books, grant.Until)));
            _grants.Replace(row.Key, row.Identity, 0, Now, Now);
        }
        finally
        {
            Leave(books, round);
        }
    }
}

namespace OrleansCache.Proof.Histories;

/// <summary>
/// G1 and G6: the calls on a book fit a register with conditional edits, where each call takes effect at one moment between its start and
/// its end. Edits of unknown outcome count from the moment at which they are seen, if they are. Flagged answers prove that a row existed,
/// but not when. G1 is not promised for edits made directly in the database: they may reach readers up to one lease after they ended,
/// though all readers at once as long as the book's owner does not change. So a history with such edits is checked twice: what readers see,
/// with that lease, and what the catalog did, with the edits' own times. A conflict shows a row of the catalog, which readers may not see
/// yet if SQL wrote it.
/// </summary>
public static class Linearizability
{
    internal static Violation? Check(Succession book, TimeSpan lease, bool ownersChange)
    {
        if (book.Flaw is not null)
            return book.Flaw;
        var found = new Sweep(book, [.. Edits(book, lease), .. Answers(book, ownersChange)]).Run();
        if (found is null && book.Edits.Any(edit => edit.IsSql))
            found = new Sweep(book, [.. Edits(book, TimeSpan.Zero), .. Conflicts(book, all: true)]).Run();
        return found;
    }

    private static IEnumerable<Requirement> Edits(Succession book, TimeSpan lease) =>
        from edit in book.Edits
        let acked = edit.Acked
        where acked is not null && edit.Row is not null
        select new Requirement(acked, edit.Row, edit.Start, acked.End + (edit.IsSql ? lease : TimeSpan.Zero), IsEdit: true);

    private static IEnumerable<Requirement> Answers(Succession book, bool ownersChange)
    {
        foreach (var call in book.Calls)
        {
            switch (call.Outcome)
            {
                case Outcome.Saw { Flag: null } saw:
                    yield return Answer(call, saw.Identity is { } identity ? book.RowOf(identity) : null);
                    break;
                case Outcome.Unchanged(Identity: { } there) when !call.IsSql:
                    yield return Answer(call, book.RowOf(there));
                    break;
            }
        }

        foreach (var conflict in Conflicts(book, all: false))
            yield return conflict;

        Requirement Answer(Call call, Row? row) => Seen(call, row) with { IsAhead = ownersChange && row is { MayBeSql: true } };
    }

    private static IEnumerable<Requirement> Conflicts(Succession book, bool all)
    {
        foreach (var call in book.Calls)
        {
            var row = call.Outcome switch
            {
                Outcome.Conflict(var identity) => book.RowOf(identity),
                Outcome.Unchanged(Identity: { } there) when call.IsSql || all => book.RowOf(there),
                _ => null,
            };
            if (row is not null && (all || !row.MayBeSql) && (all || !call.IsSql))
                yield return Seen(call, row);
        }
    }

    private static Requirement Seen(Call call, Row? row) => new(call, row, call.Start, call.End, IsEdit: false);
}

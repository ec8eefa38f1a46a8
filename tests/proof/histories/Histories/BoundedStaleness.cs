namespace OrleansCache.Proof.Histories;

/// <summary>
/// G2, whatever fails: a plain answer is never older than an edit that was acknowledged, or committed directly in the database, more than
/// one lease before the lookup began.
/// </summary>
public static class BoundedStaleness
{
    internal static Violation? Check(Succession book, TimeSpan lease)
    {
        var placed = new Latest<Edit>(
            book.Edits.Where(edit => edit is { Acked: not null, Row: not null }), edit => edit.Acked!.End, edit => edit.Row!.Version);
        // The version of such an SQL edit is unknown, so only its time orders it.
        var unplaced = new Latest<Edit>(
            book.Unseen.Where(edit => edit.Acked is not null), edit => edit.Acked!.End, edit => edit.Start.Ticks);
        foreach (var call in book.Calls.OrderBy(call => call.Start))
        {
            if (call.Outcome is not Outcome.Saw { Flag: null } saw)
                continue;
            var before = call.Start - lease;
            var row = saw.Identity is { } identity ? book.RowOf(identity) : null;
            if (placed.Before(before) is { } newer
                && (row is null ? !book.MayBeAbsent(newer.Row!, call.End) : row.Version < newer.Row!.Version))
                return Old(book, call, row, newer);
            if (row is not null && unplaced.Before(before) is { } unseen
                && (row.Edit is null ? row.Index == 0 : row.Edit.Acked?.End < unseen.Start))
                return Old(book, call, row, unseen);
        }

        return null;
    }

    private static Violation Old(Succession book, Call call, Row? row, Edit newer) => new(
        Promise.Bounded,
        book.Book,
        $"{(row is null ? "an absence" : $"version {row.Version}")} was answered {(call.Start - newer.Acked!.End).TotalSeconds:0.000} s "
        + "after it had been overwritten.",
        row?.Witness, newer.Acked, call);
}

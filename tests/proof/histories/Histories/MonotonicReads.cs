namespace OrleansCache.Proof.Histories;

/// <summary>
/// G7: a client's plain answer is never older than what the same client knew before the lookup began: from an answer, from the
/// acknowledgement of its own edit, or from the conflict that refused one. SQL authors are not clients of the cache.
/// </summary>
public static class MonotonicReads
{
    internal static Violation? Check(Succession book)
    {
        foreach (var client in book.Calls.GroupBy(call => call.Client))
        {
            var told = new Latest<Call>(
                client.Where(call => call.Identity is not null && !call.IsSql && call.Outcome is not Outcome.Saw { Flag: not null }),
                call => call.End,
                call => call.Identity!.Value.Version);
            foreach (var call in client.OrderBy(call => call.Start))
            {
                if (call.Outcome is not Outcome.Saw { Flag: null } saw || told.Before(call.Start) is not { Identity: { } known } earlier)
                    continue;
                if (saw.Identity is { } seen ? seen.Version < known.Version : !book.MayBeAbsent(book.RowOf(known), call.End))
                {
                    return new Violation(
                        Promise.Monotonic,
                        book.Book,
                        $"{call.Client} knew version {known.Version} and was then answered "
                        + $"{(saw.Identity is { } older ? $"version {older.Version}" : "that there is no such book")}.",
                        earlier, call);
                }
            }
        }

        return null;
    }
}

namespace OrleansCache.Proof.Histories;

/// <summary>The result of checking a history.</summary>
public sealed class Verdict
{
    private readonly string _summary;

    private Verdict(IReadOnlyList<Violation> violations, string summary) => (Violations, _summary) = (violations, summary);

    /// <summary>The broken promises: the first contradiction for each promise and book.</summary>
    public IReadOnlyList<Violation> Violations { get; }

    /// <summary>Whether every promise was kept.</summary>
    public bool Holds => Violations.Count == 0;

    /// <summary>Checks a history.</summary>
    /// <param name="calls">The calls, in any order.</param>
    /// <param name="lease">The length of leases: how late an SQL edit may become visible, and the bound of G2.</param>
    /// <param name="ownersChange">
    /// Whether owners may have changed during the history. A new owner does not know the granted rows, so it may show an SQL edit to one
    /// reader before another; only the lease bounds the difference.
    /// </param>
    public static Verdict On(IEnumerable<Call> calls, TimeSpan lease, bool ownersChange = false)
    {
        var all = calls.ToList();
        var books = all.GroupBy(call => call.Book)
            .OrderBy(book => book.Key, StringComparer.Ordinal)
            .Select(book => Succession.Of(book.Key, [.. book]))
            .ToList();
        Violation?[] found =
        [
            .. books.SelectMany(book => new[]
            {
                Linearizability.Check(book, lease, ownersChange), BoundedStaleness.Check(book, lease), MonotonicReads.Check(book),
            }),
        ];
        var unknown = all.Count(call => call.Edit is not null && call.Outcome is Outcome.Unknown);
        var flagged = all.Count(call => call.Outcome is Outcome.Saw { Flag: not null });
        return new Verdict(
            [.. found.OfType<Violation>()],
            $"{all.Count} calls on {books.Count} books: {all.Count(call => call.Edit is not null)} edits ({unknown} with unknown "
            + $"outcome), {flagged} flagged answers");
    }

    /// <summary>Whether one promise was kept for every book.</summary>
    public bool Keeps(Promise promise) => Violations.All(violation => violation.Promise != promise);

    /// <inheritdoc/>
    public override string ToString() =>
        Holds ? $"{_summary}; every promise was kept." : $"{_summary}; broken:\n{string.Join("\n", Violations)}";
}

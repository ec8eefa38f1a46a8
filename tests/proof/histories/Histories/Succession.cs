namespace OrleansCache.Proof.Histories;

/// <summary>
/// The rows of one book in the order in which the catalog held them. Versions rise with every edit and contents are unique, so the calls
/// determine that order:
/// 1. Every answer identifies a row by its version. Two answers with the same version must agree on the row.
/// 2. A row belongs to the edit that was acknowledged with it, or whose id is its tag, or whose content it is the first to show.
/// 3. A row with the content of the row before it, but another tag, is a fence. A content that comes back after another one is a
/// contradiction.
/// 4. Edits of unknown outcome that no answer shows have no place in the order; removals among them may explain an absence (see
/// <see cref="Sweep"/>).
/// </summary>
internal sealed class Succession
{
    private readonly SortedDictionary<long, Row> _rows = [];

    private Succession(string book, IReadOnlyList<Call> calls)
    {
        (Book, Calls) = (book, calls);
        Edits = [.. calls.Where(call => call.Edit is not null).GroupBy(call => call.Edit).Select(attempts => new Edit(attempts))];
    }

    public string Book { get; }

    public IReadOnlyList<Call> Calls { get; }

    public IReadOnlyList<Edit> Edits { get; }

    /// <summary>The rows by version. The first one is the book's state before the first known edit.</summary>
    public IReadOnlyList<Row> Rows { get; private set; } = [];

    /// <summary>Edits that were made or may have been made, but that no answer shows.</summary>
    public IReadOnlyList<Edit> Unseen { get; private set; } = [];

    /// <summary>Why no such order exists, whatever the times; null if one does.</summary>
    public Violation? Flaw { get; private set; }

    public static Succession Of(string book, IReadOnlyList<Call> calls)
    {
        var succession = new Succession(book, calls);
        foreach (var call in calls.OrderBy(call => call.End))
            succession.Note(call);
        succession.Attribute();
        succession.Conditions();
        return succession;
    }

    public Row RowOf(Identity identity) => _rows[identity.Version];

    /// <summary>Whether the book may have been absent at the row or after it, but not later than the given time.</summary>
    public bool MayBeAbsent(Row from, TimeSpan end)
    {
        for (var i = from.Index; i < Rows.Count; i++)
        {
            if (Rows[i].MayBeAbsent && Rows[i].Earliest <= end)
                return true;
        }

        return Unseen.Any(edit => edit.IsRemoval && edit.Start <= end);
    }

    private void Fail(string reason, params IEnumerable<Call?> calls) => Flaw ??= new Violation(Promise.Linearizable, Book, reason, calls);

    private void Note(Call call)
    {
        if (call.Identity is not { } identity)
            return;
        if (!_rows.TryGetValue(identity.Version, out var row))
            _rows.Add(identity.Version, row = new Row(identity.Version) { FirstSeen = call, IsContentKnown = identity.Version == 0 });
        if (row.Tag.Length > 0 && identity.Tag.Length > 0 && row.Tag != identity.Tag)
            Fail($"version {row.Version} has two tags.", row.FirstSeen, call);
        if (row.Tag.Length == 0)
            row.Tag = identity.Tag;
        if (call.Outcome is Outcome.Conflict)
            return;
        var content = call.Outcome is Outcome.Saw saw ? saw.Content : call.IsRemoval ? null : call.Edit;
        if (row.IsContentKnown && row.Content != content)
            Fail($"version {row.Version} has two contents.",
                Calls.First(other => other.Identity?.Version == row.Version && other.Outcome is not Outcome.Conflict), call);
        if (!row.IsContentKnown)
            (row.IsContentKnown, row.Content) = (true, content);
    }

    private void Attribute()
    {
        foreach (var edit in Edits)
        {
            if (edit.Acked?.Identity is not { } identity)
                continue;
            if (edit.Attempts.FirstOrDefault(call => call.Outcome is Outcome.Acked(Identity: { } other)
                && other.Version != identity.Version) is { } second)
                Fail("a repeated edit was acknowledged with two versions: it was made twice.", edit.Acked, second);
            Give(RowOf(identity), edit);
        }

        var byId = Edits.ToDictionary(edit => edit.Id);
        var unidentified = Edits.Where(edit => edit.MayBeMade && edit.Acked?.Identity is null).ToList();
        // The last row whose content is known: the others cannot have had another content in between.
        Row? before = null;
        // The first of the later rows, which only conflicts show.
        Row? untold = null;
        foreach (var row in _rows.Values)
        {
            if (row.Edit is null && row.Tag.Length > 0 && byId.TryGetValue(row.Tag, out var byTag))
                Give(row, byTag);
            else if (row.Edit is null && row.Content is not null && byId.TryGetValue(row.Content, out var byContent)
                && byContent.Row is null)
                Give(row, byContent, untold);
            else if (row.Edit is null)
                Explain(row, before, unidentified);
            (before, untold) = row.IsContentKnown ? (row, null) : (before, untold ?? row);
        }

        List<Row> rows = [.. _rows.Values];
        if (rows.Count == 0 || rows[0].Edit is not null)
            rows.Insert(0, Beginning(rows.Count == 0 ? 1 : rows[0].Version));
        for (var i = 0; i < rows.Count; i++)
            rows[i].Index = i;
        Rows = rows;
        Unseen = [.. unidentified.Where(edit => edit.Row is null)];
    }

    private static Row Beginning(long next) => new(next - 1) { IsContentKnown = next == 1 };

    private void Give(Row row, Edit edit, Row? earliest = null)
    {
        if (edit.Row is not null)
            Fail($"an edit wrote version {edit.Row.Version} and version {row.Version}: it was made twice.",
                [.. edit.Attempts, edit.Row.FirstSeen, row.FirstSeen]);
        else if (row.Edit is not null)
            Fail($"two edits were acknowledged with version {row.Version}.", row.Edit.Acked, edit.Acked);
        if (!edit.MayBeMade)
            Fail(
                edit.IsRefused
                    ? "an edit took effect although it had been refused as a conflict."
                    : "an edit took effect although it had certainly failed.",
                [.. edit.Attempts, row.FirstSeen]);
        if (row.IsContentKnown && row.Content != edit.Content)
            Fail($"version {row.Version} is not what its edit wrote.", [.. edit.Attempts, row.FirstSeen]);
        edit.Row ??= earliest ?? row;
        edit.SurelyBy ??= row;
        row.Edit ??= edit;
        (row.IsContentKnown, row.Content) = (true, edit.Content);
        row.Earliest = edit.Start;
        row.MayBeSql = edit.IsSql;
    }

    private void Explain(Row row, Row? before, List<Edit> unidentified)
    {
        var unseen = unidentified.Where(edit => edit.Row is null && edit.Start <= row.FirstSeen!.End);
        if (!row.IsContentKnown && before is not null && !unseen.Any())
            (row.IsContentKnown, row.Content, row.IsFence, row.MayBeSql) = (true, before.Content, true, before.MayBeSql);
        else if (!row.IsContentKnown)
            row.MayBeSql = unseen.Any(edit => edit.IsSql) || before is { MayBeSql: true };
        else if (before is null || before.Content == row.Content)
        {
            row.IsFence = before is not null;
            row.MayBeSql = before is { MayBeSql: true } || (row.Content is null && unseen.Any(edit => edit.IsSql));
        }
        else if (row.Content is not null && _rows.Values.FirstOrDefault(other => other.Content == row.Content) is { } same && same != row)
            Fail(
                $"the content of version {same.Version} came back as version {row.Version}, after version {before.Version} had another.",
                same.Witness, before.Witness, row.FirstSeen);
        else if (row.Content is not null && Edits.FirstOrDefault(edit => edit.Id == row.Content) is { Row: { } later } edit)
            Fail($"the content of version {row.Version} was acknowledged as version {later.Version}.", edit.Acked, row.FirstSeen);
        else if (row.Content is not null)
            Fail($"no edit wrote the content of version {row.Version}.", before.Witness, row.FirstSeen);
        else if (unseen.Where(edit => edit.IsRemoval).ToList() is { Count: > 0 } removals)
            (row.Earliest, row.MayBeSql) = (removals.Min(edit => edit.Start), removals.Exists(edit => edit.IsSql));
        else
            Fail($"version {row.Version} is absent although no edit removed the book.", before.Witness, row.FirstSeen);
    }

    private void Conditions()
    {
        foreach (var edit in Edits)
        {
            if (edit is { Expected: { } expected, Row: { Index: > 0 } first, SurelyBy: { } last }
                && !Enumerable.Range(first.Index, last.Index - first.Index + 1).Any(i => IsMet(expected, edit, Rows[i - 1], Rows[i])))
                Fail($"an edit was made although the book was not at version {expected} but at version {Rows[last.Index - 1].Version}.",
                    [.. edit.Attempts, Rows[last.Index - 1].Witness, last.FirstSeen]);
        }

        foreach (var call in Calls)
        {
            if (call.Outcome is Outcome.Conflict(var identity) && !StandsInTheWay(RowOf(identity), call.Expected))
                Fail("a conflict was answered although the book was as expected.", RowOf(identity).Witness, call);
        }
    }

    // There may have been other rows between two known ones, if the versions leave room for them and an unseen edit could have written
    // them.
    private bool IsMet(long expected, Edit edit, Row before, Row row)
    {
        var end = edit.Acked?.End ?? TimeSpan.MaxValue;
        if (expected == 0)
            return before.MayBeAbsent
                || (row.Version - before.Version > 1 && Unseen.Any(unseen => unseen.IsRemoval && unseen.Start <= end));
        if (expected == before.Version)
            return before.MayBePresent;
        return expected > before.Version && expected < row.Version
            && (before.MayBePresent || Unseen.Any(unseen => !unseen.IsRemoval && unseen.Start <= end));
    }

    private static bool StandsInTheWay(Row row, long? expected) => expected switch
    {
        null => false,
        0 => row.MayBePresent,
        _ => row.Version != expected || row.MayBeAbsent,
    };
}

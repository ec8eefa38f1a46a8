namespace OrleansCache.Proof.Histories;

/// <summary>
/// The rows of one book in the order in which the catalog held them. Each edit that is made raises the version by one, and contents are
/// unique, so the calls determine that order:
/// 1. Every answer identifies a row by its version. Two answers with the same version must agree on the row.
/// 2. A row belongs to the edit that was acknowledged with it, or whose id is its tag, or whose content it shows. No edit has two rows.
/// 3. Every other version after the first row was written by an edit that no answer shows, each by another one: by an edit of unknown
/// outcome, or by SQL, whose author does not know the version. Where there are too few of them, nobody can have written it.
/// 4. Those edits have no place in the order; removals among them may explain an absence (see <see cref="Sweep"/>).
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
        succession.Explain();
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
        if (call.Outcome is Outcome.Unchanged && !call.IsRemoval)
            Fail("a put was answered to have changed nothing, although nobody else writes its content.", row.FirstSeen, call);
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
        foreach (var row in _rows.Values.Where(row => row.Edit is null))
        {
            if (row.Tag.Length > 0 && byId.GetValueOrDefault(row.Tag) is { } byTag)
                Give(row, byTag);
            else if (row.Content is not null && byId.GetValueOrDefault(row.Content) is { } byContent)
                Give(row, byContent);
        }

        List<Row> rows = [.. _rows.Values];
        if (rows.Count == 0 || rows[0].Edit is not null)
            rows.Insert(0, Beginning(rows.Count == 0 ? 1 : rows[0].Version));
        for (var i = 0; i < rows.Count; i++)
            rows[i].Index = i;
        Rows = rows;
        Unseen = [.. Edits.Where(edit => edit is { MayBeMade: true, Row: null } && !IsOvertaken(edit))];
    }

    // An edit that expects a version writes the next one, or nothing.
    private bool IsOvertaken(Edit edit) =>
        edit.Expected is > 0 and var expected && _rows.TryGetValue(expected + 1, out var row) && row.Edit is not null;

    private static Row Beginning(long next) => new(next - 1) { IsContentKnown = next == 1 };

    private void Give(Row row, Edit edit)
    {
        if (edit.Row is not null)
            Fail($"an edit wrote version {edit.Row.Version} and version {row.Version}: it was made twice, or its row was repeated.",
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
        if (!edit.IsSql && row.Tag.Length > 0 && row.Tag != edit.Id)
            Fail($"version {row.Version} does not have the id of its edit as its tag.", [.. edit.Attempts, row.FirstSeen]);
        edit.Row ??= row;
        row.Edit ??= edit;
        (row.IsContentKnown, row.Content) = (true, edit.Content);
        row.Earliest = edit.Start;
        row.MayBeSql = edit.IsSql;
    }

    /// <summary>Finds out who may have written the versions that no known edit has written.</summary>
    private void Explain()
    {
        var seen = SeenBy();
        TimeSpan[] starts = [.. Unseen.Select(edit => edit.Start).Order()];
        var (versions, begun) = (0L, 0);
        for (var i = 0; i < Rows.Count; i++)
        {
            var row = Rows[i];
            if (row.Edit is null)
                Explain(row, seen[i]);
            if (i == 0)
                continue;
            versions += row.Version - Rows[i - 1].Version - (row.Edit is null ? 0 : 1);
            while (begun < starts.Length && starts[begun] <= seen[i])
                begun++;
            if (versions > begun)
                Fail($"when version {row.Version} existed, no known edit had written {versions} of the versions so far, and only {begun} edits "
                    + "that no answer shows had begun.", Rows[i - 1].Witness, row.FirstSeen);
        }
    }

    private void Explain(Row row, TimeSpan seen)
    {
        var edits = Unseen.Where(edit => edit.Start <= seen && MayHaveWritten(edit, row)).ToList();
        row.MayBeSql = edits.Exists(edit => edit.IsSql);
        // The first one may be older than the history.
        if (row.Index == 0)
            return;
        if (edits.Count == 0)
            Fail(
                row is { IsContentKnown: true, Content: null }
                    ? $"version {row.Version} is absent although no edit removed the book."
                    : $"no edit can have written version {row.Version}.",
                Rows[row.Index - 1].Witness, row.FirstSeen);
        else
            row.Earliest = edits.Min(edit => edit.Start);
    }

    // If the tag were its id or the content its own, the row would have been given to it.
    private static bool MayHaveWritten(Edit edit, Row row) =>
        (edit.IsSql || row.Tag.Length == 0)
        && (edit.Expected is not > 0 || edit.Expected == row.Version - 1)
        && (!row.IsContentKnown || (row.Content is null && edit.IsRemoval));

    /// <summary>Until when each row certainly existed: it or a later one was seen by then.</summary>
    private TimeSpan[] SeenBy()
    {
        var seen = new TimeSpan[Rows.Count];
        var earliest = TimeSpan.MaxValue;
        for (var i = Rows.Count - 1; i >= 0; i--)
        {
            if (Rows[i].FirstSeen is { } call && call.End < earliest)
                earliest = call.End;
            seen[i] = earliest;
        }

        return seen;
    }

    private void Conditions()
    {
        foreach (var edit in Edits)
        {
            if (edit is { Expected: { } expected, Row: { Index: > 0 } row } && !IsMet(expected, Rows[row.Index - 1], row))
                Fail($"an edit was made although the book was not at version {expected} but at version {row.Version - 1}.",
                    [.. edit.Attempts, Rows[row.Index - 1].Witness, row.FirstSeen]);
        }

        foreach (var call in Calls)
        {
            if (call.Outcome is Outcome.Conflict(var identity) && !StandsInTheWay(RowOf(identity), call.Expected))
                Fail("a conflict was answered although the book was as expected.", RowOf(identity).Witness, call);
        }
    }

    // The version before that of the row is the one that the edit replaced; if no call shows it, an unseen edit has written it.
    private bool IsMet(long expected, Row before, Row row)
    {
        if (expected > 0 && expected != row.Version - 1)
            return false;
        if (before.Version == row.Version - 1)
            return expected == 0 ? before.MayBeAbsent : before.MayBePresent;
        return Unseen.Any(edit => edit.IsRemoval == (expected == 0) && edit.Start <= row.FirstSeen!.End);
    }

    private static bool StandsInTheWay(Row row, long? expected) => expected switch
    {
        null => false,
        0 => row.MayBePresent,
        _ => row.Version != expected || row.MayBeAbsent,
    };
}

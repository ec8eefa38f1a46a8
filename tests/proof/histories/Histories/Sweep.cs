namespace OrleansCache.Proof.Histories;

/// <summary>
/// Searches a moment for each call, given the order of the rows. It moves the register forward in time and changes it as late as possible:
/// 1. A call requires nothing before it ends: until then a later change may still satisfy it.
/// 2. When a call ends that requires row i and the register is before i, the register moves to i now. Each edit on the way must have begun.
/// 3. If the register is past i, the call is satisfied if it began before the register left i. Otherwise there is no fitting order.
/// The register is never further than necessary, so if this sweep fails every other one does. An absence without version fits any row
/// without a book; if an unseen edit may have removed the book between two versions, there is a choice, and each one is tried.
/// </summary>
internal sealed class Sweep
{
    private const int MostWalks = 1000;
    private readonly Succession _succession;
    private readonly Requirement[] _requirements;
    private readonly List<Step> _steps = [];
    private readonly int[] _stepOfRow;
    private readonly List<Edit> _removals;

    public Sweep(Succession succession, IEnumerable<Requirement> requirements)
    {
        _succession = succession;
        // Calls that end at the same time are sorted by row: the register may hold all of these rows at that moment.
        _requirements = [.. requirements.OrderBy(r => r.End).ThenBy(r => r.Row?.Index ?? int.MaxValue)];
        _removals = [.. succession.Unseen.Where(edit => edit.IsRemoval)];
        _stepOfRow = new int[succession.Rows.Count];
        for (var i = 0; i < succession.Rows.Count; i++)
        {
            _stepOfRow[i] = _steps.Count;
            _steps.Add(new Step(succession.Rows[i], false));
            if (_removals.Count > 0 && HasRoomAfter(i))
                _steps.Add(new Step(succession.Rows[i], true));
        }
    }

    /// <summary>Finds a moment for each call.</summary>
    /// <returns>The contradiction, or null if there is a moment for each call.</returns>
    public Violation? Run()
    {
        Violation? first = null;
        List<(int Taken, int Of)> choices = [];
        for (var walk = 0; walk < MostWalks; walk++)
        {
            var found = Walk(choices);
            if (found is null)
                return null;
            first ??= found;
            while (choices.Count > 0 && choices[^1].Taken == choices[^1].Of - 1)
                choices.RemoveAt(choices.Count - 1);
            if (choices.Count == 0)
                return first;
            choices[^1] = (choices[^1].Taken + 1, choices[^1].Of);
        }

        return first;
    }

    private bool HasRoomAfter(int row) =>
        row == _succession.Rows.Count - 1 || _succession.Rows[row + 1].Version - _succession.Rows[row].Version > 1;

    private Violation? Walk(List<(int Taken, int Of)> choices)
    {
        var current = 0;
        var made = 0;
        var used = new HashSet<Edit>();
        foreach (var step in _steps)
            (step.Left, step.Cause, step.Removal) = (null, null, null);

        foreach (var requirement in _requirements)
        {
            int target;
            if (requirement.Row is { } row)
                target = _stepOfRow[row.Index];
            else if (AnswersAbsence(current, requirement.Start))
                continue;
            else
            {
                var options = Absences(current, requirement, used);
                if (options.Count == 0)
                    return Contradiction(requirement, current);
                if (made == choices.Count)
                    choices.Add((0, options.Count));
                (target, var removal) = options[choices[made++].Taken];
                if (removal is not null && used.Add(removal))
                    _steps[target].Removal = removal;
                if (target < current)
                    continue;
            }

            if (target < current && !requirement.IsEdit && _steps[target].Left < requirement.Start)
                return Contradiction(requirement, target);
            if (requirement.IsAhead && target > current)
            {
                if (_steps[target].Earliest > requirement.End)
                    return TooEarly(requirement, _steps[target].Row);
                continue;
            }

            for (; current < target; current++)
            {
                if (_steps[current + 1].Earliest > requirement.End)
                    return TooEarly(requirement, _steps[current + 1].Row);
                (_steps[current].Left, _steps[current].Cause) = (requirement.End, requirement.Call);
            }
        }

        return null;
    }

    private bool AnswersAbsence(int current, TimeSpan start)
    {
        for (var i = current; i >= 0 && (i == current || _steps[i].Left >= start); i--)
        {
            if (_steps[i].IsAbsent)
                return true;
        }

        return false;
    }

    // The choices, nearest first: a removal in a gap that the register has just passed, one in a gap ahead, the next row without a book.
    private List<(int Step, Edit? Removal)> Absences(int current, Requirement requirement, HashSet<Edit> used)
    {
        List<(int, Edit?)> options = [];
        for (var i = current - 1; i >= 0 && _steps[i].Left >= requirement.Start; i--)
        {
            if (_steps[i].IsGap && RemovalFor(_steps[i], _steps[i].Left!.Value, used) is { } removal)
                options.Add((i, removal));
        }

        for (var i = current; i < _steps.Count && (i == current || _steps[i].Earliest <= requirement.End); i++)
        {
            if (_steps[i].IsAbsent)
            {
                options.Add((i, null));
                break;
            }

            if (_steps[i].IsGap && RemovalFor(_steps[i], requirement.End, used) is { } removal)
                options.Add((i, removal));
        }

        return options;
    }

    // An edit that fits only here is preferred to one that fits anywhere. Otherwise all that have begun are equivalent: none has to end.
    private Edit? RemovalFor(Step gap, TimeSpan moment, HashSet<Edit> used) => _removals
        .Where(edit => edit.Start <= moment && !used.Contains(edit) && (edit.Expected is null || edit.Expected == gap.Row.Version))
        .MaxBy(edit => edit.Expected is not null);

    private Violation Contradiction(Requirement requirement, int step)
    {
        var row = _steps[step].Row;
        var next = _steps.Skip(step + 1).FirstOrDefault(other => !other.IsGap || other.Removal is not null);
        var overwriting = next?.Removal?.First ?? next?.Row.Witness;
        return requirement.Row is null
            ? Broken($"the book was absent although version {row.Version} existed before and no edit removed it.", row.Witness,
                _steps[step].Cause, requirement.Call)
            : Broken($"version {row.Version} was answered to a call that began after a later version was acknowledged or seen.",
                row.Witness, overwriting, _steps[step].Cause, requirement.Call);
    }

    private Violation TooEarly(Requirement requirement, Row row) => requirement.Row == row
        ? Broken($"version {row.Version} was seen before its edit began.", row.Witness, requirement.Call)
        : Broken(
            $"version {requirement.Row?.Version.ToString() ?? "without a book"} was acknowledged or seen, but the edit that wrote the "
            + $"earlier version {row.Version} began only afterwards.", requirement.Row?.Witness, row.Witness, requirement.Call);

    private Violation Broken(string reason, params IEnumerable<Call?> calls) => new(Promise.Linearizable, _succession.Book, reason, calls);

    /// <summary>A row, or the gap after it in which an unseen edit may have removed the book.</summary>
    private sealed class Step(Row row, bool isGap)
    {
        public Row Row => row;

        public bool IsGap => isGap;

        public TimeSpan? Left { get; set; }

        public Call? Cause { get; set; }

        public Edit? Removal { get; set; }

        public TimeSpan Earliest => isGap ? TimeSpan.MinValue : row.Earliest;

        public bool IsAbsent => isGap ? Removal is not null : row.MayBeAbsent;
    }
}

using OrleansCache.Proof.Histories;
using OrleansCache.Proof.Schedules;

namespace OrleansCache.Proof.Checking;

/// <summary>
/// Generates histories that keep every promise: each call takes effect at one moment between its start and its end. Edits by SQL reach
/// readers up to one lease later, or with the next edit through the cache. Some edits end with an unknown outcome, and take effect late or
/// are repeated; some lookups are flagged and answered with an old row.
/// </summary>
internal sealed class AtomicBook
{
    private readonly SplitMix64 _random;
    private readonly List<(Identity Identity, string? Content)> _rows = [(Identity.Never, null)];
    private readonly PriorityQueue<Action, (TimeSpan, int)> _agenda = new();
    private readonly List<Call> _calls = [];
    private readonly Dictionary<string, Identity> _made = [];
    private readonly bool _tellsAbsentVersions;
    private readonly Dictionary<string, int> _told = [];
    private TimeSpan _now;
    private int _steps;
    private int _edits;
    private int _visible;

    private AtomicBook(ulong seed)
    {
        _random = new SplitMix64(seed);
        _tellsAbsentVersions = _random.Below(2) == 0;
    }

    /// <summary>A history in which every client makes one call at a time, of up to a second, with pauses of up to two.</summary>
    public static IReadOnlyList<Call> Lived(ulong seed, int clients, int callsEach, int longest = 1000, string book = "book")
    {
        var life = new AtomicBook(seed);
        for (var client = 0; client < clients; client++)
            life.Next(book, $"client-{client}", callsEach, longest);
        while (life._agenda.TryDequeue(out var step, out var moment))
        {
            life._now = moment.Item1;
            step();
        }

        return [.. life._calls.OrderBy(call => call.Start)];
    }

    private (Identity Identity, string? Content) Last => _rows[^1];

    private void At(TimeSpan moment, Action step) => _agenda.Enqueue(step, (moment, _steps++));

    private TimeSpan Within(int milliseconds) => TimeSpan.FromMilliseconds(_random.Below(milliseconds));

    private void Next(string book, string client, int left, int longest, (CallKind Kind, string Edit, long? Expected)? again = null)
    {
        if (left == 0)
            return;
        var start = _now + Within(2 * longest);
        var end = start + Within(longest);
        var (kind, edit, expected) = again ?? Choose();
        Outcome? outcome = null;
        var lost = kind is CallKind.Put or CallKind.Remove && _random.Below(6) == 0;
        // An edit with an unknown outcome may take effect long after its caller gave up, or never.
        var moment = start + TimeSpan.FromTicks((long)((end - start).Ticks * (_random.Below(1001) / 1000.0)));
        if (lost)
            moment += Within(5 * longest);
        if (!lost || _random.Below(2) == 0)
            At(moment, () => outcome = Done(client, kind, edit, expected, moment));
        At(end, () =>
        {
            _calls.Add(new Call(client, book, kind, start, end,
                lost ? new Outcome.Unknown() : outcome!) { Edit = kind == CallKind.Read ? null : edit, Expected = expected });
            Next(book, client, left - 1, longest, lost && _random.Below(2) == 0 ? (kind, edit, expected) : null);
        });
    }

    private (CallKind Kind, string Edit, long? Expected) Choose()
    {
        var edit = $"e{++_edits}";
        long? expected = _random.Below(3) switch { 0 => null, 1 => 0, _ => Last.Identity.Version };
        return _random.Below(20) switch
        {
            < 12 => (CallKind.Read, edit, null),
            < 16 => (CallKind.Put, edit, expected),
            16 or 17 => (CallKind.Remove, edit, expected is 0 ? null : expected),
            18 => (CallKind.SqlPut, edit, null),
            _ => (CallKind.SqlRemove, edit, null),
        };
    }

    private Outcome Done(string client, CallKind kind, string edit, long? expected, TimeSpan moment)
    {
        if (kind == CallKind.Read)
        {
            var flagged = _random.Below(10) == 0;
            // A client asks for a row that it knows already, and so makes it visible to all.
            _visible = Math.Max(_visible, _told.GetValueOrDefault(client));
            var (identity, content) = flagged ? _rows[_random.Below(_rows.Count)] : _rows[_visible];
            return new Outcome.Saw(content is null && !_tellsAbsentVersions ? null : identity, content, flagged ? "Stale" : null);
        }

        var removes = kind is CallKind.Remove or CallKind.SqlRemove;
        var bySql = kind is CallKind.SqlPut or CallKind.SqlRemove;
        if (_made.TryGetValue(edit, out var first))
            return new Outcome.Acked(first);
        if (expected is { } version
            && !(version == 0 ? Last.Content is null : Last.Content is not null && Last.Identity.Version == version))
            return Refused(client);
        if (!bySql)
            _visible = _rows.Count - 1;
        if (removes && Last.Content is null)
            return new Outcome.Unchanged(Last.Identity);
        var row = new Identity(Last.Identity.Version + 1, bySql ? $"sql-{_rows.Count}" : edit);
        _rows.Add((row, removes ? null : edit));
        var index = _rows.Count - 1;
        if (bySql)
            At(moment + Within((int)Written.Lease.TotalMilliseconds), () => _visible = Math.Max(_visible, index));
        else
            _visible = index;
        _made[edit] = row;
        return new Outcome.Acked(bySql && _random.Below(2) == 0 ? null : row);
    }

    private Outcome.Conflict Refused(string client)
    {
        _told[client] = _rows.Count - 1;
        return new Outcome.Conflict(Last.Identity);
    }
}

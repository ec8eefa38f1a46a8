using System.Globalization;
using System.Text.RegularExpressions;

namespace OrleansCache.Tests.Faults.Activations;

/// <summary>
/// Records which grain was active on which silo and when, from the silos' logs (category OrleansCache.Activations), to detect a grain that
/// was active twice at once although it must be active once: owners and routers. A book grain may be, while silos do not agree on the
/// membership. The times are those of the machine's monotonic clock, which all its processes share.
/// </summary>
internal sealed partial class Ledger
{
    private const string Books = "book/";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<Stay>> _stays = [];
    private readonly Dictionary<string, int> _lives = [];

    /// <summary>The number of recorded activations.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _stays.Values.Sum(stays => stays.Count);
        }
    }

    /// <summary>Reads a line of a silo's log; ignores other lines.</summary>
    public void Read(string silo, string line)
    {
        var match = Line().Match(line);
        if (!match.Success)
            return;
        var (grain, time) = (match.Groups["grain"].Value, long.Parse(match.Groups["time"].Value, CultureInfo.InvariantCulture));
        lock (_gate)
        {
            var life = _lives.GetValueOrDefault(silo);
            if (!_stays.TryGetValue(grain, out var stays))
                _stays[grain] = stays = [];
            if (stays.Find(stay => stay.Silo == silo && stay.Life == life && stay.To == long.MaxValue) is { } open)
                open.To = time;
            if (match.Groups["what"].Value == "begins")
                stays.Add(new() { Silo = silo, Life = life, From = time });
        }
    }

    /// <summary>Records that a silo's process had ended by this time; later lines of that silo belong to its next incarnation.</summary>
    public void EndOf(string silo, long time)
    {
        lock (_gate)
        {
            var life = _lives.GetValueOrDefault(silo);
            _lives[silo] = life + 1;
            var open = _stays.Values.SelectMany(stays => stays).Where(stay => stay.Silo == silo && stay.Life == life && stay.To > time);
            foreach (var stay in open)
                stay.To = time;
        }
    }

    /// <summary>The grains that were active twice at once, with silos and times.</summary>
    public IReadOnlyList<string> Doubles()
    {
        var found = new List<string>();
        lock (_gate)
        {
            foreach (var (grain, stays) in _stays.Where(stays => !stays.Key.StartsWith(Books, StringComparison.Ordinal)))
            {
                Stay? last = null;
                foreach (var stay in stays.OrderBy(stay => stay.From))
                {
                    if (last is not null && stay.From < last.To)
                        found.Add($"{grain} on {last} and {stay}");
                    if (last is null || stay.To > last.To)
                        last = stay;
                }
            }
        }

        return found;
    }

    [GeneratedRegex(@"(?<grain>\S+) (?<what>begins|ends) at (?<time>\d+)$")]
    private static partial Regex Line();

    private sealed class Stay
    {
        public required string Silo { get; init; }

        public required int Life { get; init; }

        public required long From { get; init; }

        public long To { get; set; } = long.MaxValue;

        public override string ToString() => $"{Silo} (life {Life}) from {From} to {(To == long.MaxValue ? "now" : To)}";
    }
}

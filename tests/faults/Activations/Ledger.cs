using System.Globalization;
using System.Text.RegularExpressions;

namespace OrleansCache.Tests.Faults.Activations;

/// <summary>
/// When which grain was active where, from what the silos log of it (category OrleansCache.Activations): shows whether a grain
/// was ever active twice at once. The times are those of the machine's monotonic clock, which all its processes share.
/// </summary>
internal sealed partial class Ledger
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<Stay>> _stays = [];
    private readonly Dictionary<string, int> _lives = [];

    /// <summary>Activations noted so far.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _stays.Values.Sum(stays => stays.Count);
        }
    }

    /// <summary>Reads a line that a silo has logged, if it is one of those.</summary>
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

    /// <summary>Notes that a silo's process was not there any more by a moment; what it logs from now on is another life's.</summary>
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

    /// <summary>The grains that were active twice at once, with where and when; none on a cluster that keeps its word.</summary>
    public IReadOnlyList<string> Doubles()
    {
        var found = new List<string>();
        lock (_gate)
        {
            foreach (var (grain, stays) in _stays)
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

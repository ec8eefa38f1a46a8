namespace OrleansCache.Http;

/// <summary>What was seen of a region: its silos, its nodes, and what has changed. Not safe for concurrent use.</summary>
/// <param name="name">The region.</param>
/// <param name="isHome">Whether it is the home region.</param>
/// <param name="say">Is told what has happened.</param>
internal sealed class RegionWatch(string name, bool isHome, Action<LiveEventKind, string, string> say)
{
    private const int MostSilos = 256;
    private const int MostWays = 64;

    private const long ForgetAfter = 10 * 60_000;
    private const long FirstSpan = 30_000;

    // A client that has just begun to connect gets no answers at first, which says nothing about the region.
    private const int FirstTries = 4;

    private readonly SortedDictionary<string, SiloWatch> _silos = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (double Time, double First, long Began)> _ways = [];
    private LiveNode[] _nodes = [];
    private long _ringVersion;
    private bool _isKnown;
    private int _tries;
    private bool _answers;
    private string? _problem;
    private long _since;

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>The lookups that its silos answer per second.</summary>
    public double Lookups => _silos.Values.Sum(silo => silo.Lookups);

    /// <summary>The keys that are looked up most at its silos, with the lookups per second at each of them.</summary>
    public IEnumerable<(string Key, double Rate)> HotKeys =>
        _silos.Values.SelectMany(silo => silo.HotKeys.Select(key => (key.Key, key.Share * silo.Lookups)));

    /// <summary>The measured ways from it to other regions.</summary>
    public IEnumerable<LiveDistance> Ways => _ways.Select(way => new LiveDistance(name, way.Key, way.Value.Time, way.Value.First));

    /// <summary>Notes what a region has answered.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="at">When it came, by a clock that never jumps.</param>
    /// <param name="now">When it came, in milliseconds since 1970.</param>
    public void Take(RegionAnswer answer, TimeSpan at, long now)
    {
        var first = !_isKnown;
        if (first && answer.Silos is not { Count: > 0 } && ++_tries < FirstTries)
            return;
        _isKnown = true;
        if (answer.Silos is { } silos)
            TakeSilos(silos, at, now, first);
        else
            MissAll(answer.Problem ?? "It does not answer", now);
        if (answer.Ring is { } ring)
            TakeNodes(ring, now, first);
        foreach (var silo in _silos.Values)
            silo.HotKeys = answer.HotKeys?.FirstOrDefault(keys => keys.Silo == silo.Name)?.Keys ?? [];
        var answers = answer.Silos is { Count: > 0 };
        if (first || answers != _answers)
        {
            if (!first || !answers)
                say(answers ? LiveEventKind.Up : LiveEventKind.Down, name, answers ? $"{name} answers again" : $"{name} does not answer");
            (_answers, _since) = (answers, now);
        }

        _problem = answer.Problem ?? (answers ? null : "None of its silos has reported");
        Forget(now);
    }

    public LiveRegion Describe()
    {
        LiveSilo[] silos = [.. _silos.Values.Select(silo => silo.Describe())];
        var recent = LiveRates.Sum(silos.Select(silo => silo.Recent));
        return new()
        {
            Name = name,
            IsHome = isHome,
            IsKnown = _isKnown,
            Answers = _answers,
            Problem = _problem,
            Since = _since,
            RingVersion = _ringVersion,
            Nodes = [.. _nodes],
            Silos = [.. silos],
            Rates = LiveRates.Sum(silos.Select(silo => silo.Rates)),
            Recent = recent,
            Latency = recent?.Loads.Describe() ?? [],
        };
    }

    private void TakeSilos(IReadOnlyList<SiloStatistics> silos, TimeSpan at, long now, bool first)
    {
        foreach (var report in silos.Take(MostSilos))
        {
            var known = _silos.TryGetValue(report.Silo, out var silo);
            if (!known)
                _silos[report.Silo] = silo = new(report.Silo);
            var answered = silo!.Answers;
            if (silo.Take(report, at, now))
                say(LiveEventKind.Change, name, $"{report.Silo} was started again");
            else if (!answered && !first)
                say(LiveEventKind.Up, name, known ? $"{report.Silo} answers again" : $"{report.Silo} has joined");
            TakeWays(report, now);
        }

        foreach (var silo in _silos.Values.Where(silo => silos.All(report => report.Silo != silo.Name)))
        {
            if (silo.Miss("It did not report within a second, or has left the cluster", now))
                say(LiveEventKind.Down, name, $"{silo.Name} does not answer");
        }
    }

    private void MissAll(string problem, long now)
    {
        foreach (var silo in _silos.Values)
            silo.Miss(problem, now);
    }

    private void TakeNodes(RegionRing ring, long now, bool first)
    {
        var before = _nodes;
        _ringVersion = ring.Version;
        _nodes = [.. ring.Nodes.Select(Describe)];
        if (first)
        {
            foreach (var node in _nodes.Where(node => !node.IsUp))
                say(LiveEventKind.Down, name, $"the node {node.Name} of {name} is off the ring");
            return;
        }

        foreach (var node in before.Where(node => _nodes.All(other => other.Name != node.Name)))
            say(LiveEventKind.Change, name, $"the node {node.Name} of {name} was removed");

        LiveNode Describe(RingNode node)
        {
            var old = Array.Find(before, other => other.Name == node.Name);
            if (old is null && !first)
                say(LiveEventKind.Change, name, $"the node {node.Name} of {name} was added");
            else if (old is not null && old.IsUp != node.IsUp)
            {
                say(
                    node.IsUp ? LiveEventKind.Up : LiveEventKind.Down, name,
                    $"the node {node.Name} of {name} is {(node.IsUp ? "back on" : "off")} the ring");
            }

            return new()
            {
                Name = node.Name,
                Address = node.Address,
                Weight = node.Weight,
                IsUp = node.IsUp,
                Share = node.Share,
                Reason = node.Reason,
                Since = old is not null && old.IsUp == node.IsUp ? old.Since : now,
            };
        }
    }

    private void TakeWays(SiloStatistics report, long now)
    {
        foreach (var (to, time) in report.RoundTrips)
        {
            if (to == name || time is not { TotalMilliseconds: var taken })
                continue;
            if (!_ways.TryGetValue(to, out var way) && _ways.Count >= MostWays)
                continue;
            var began = way.Began == 0 ? now : way.Began;
            var shortest = way.Began == 0 ? taken : now - began < FirstSpan ? Math.Min(way.First, taken) : way.First;
            _ways[to] = (taken, shortest, began);
        }
    }

    private void Forget(long now)
    {
        foreach (var silo in _silos.Values.Where(silo => !silo.Answers && now - silo.Since > ForgetAfter).ToArray())
            _silos.Remove(silo.Name);
    }
}

/// <summary>What a region has answered.</summary>
/// <param name="Silos">The reports of its silos; null when it did not answer.</param>
/// <param name="Ring">Its ring; null when it did not answer.</param>
/// <param name="Problem">Why something is missing, or null.</param>
/// <param name="HotKeys">The keys that are looked up most at its silos; null when they did not say.</param>
internal sealed record RegionAnswer(
    IReadOnlyList<SiloStatistics>? Silos, RegionRing? Ring, string? Problem = null, IReadOnlyList<SiloHotKeys>? HotKeys = null);

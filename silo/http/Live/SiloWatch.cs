using System.Collections.Immutable;

namespace OrleansCache.Http;

/// <summary>What was seen of a silo. Not safe for concurrent use.</summary>
internal sealed class SiloWatch(string name)
{
    /// <summary>Over how long <see cref="LiveSilo.Recent"/> reaches.</summary>
    private static readonly TimeSpan RecentSpan = TimeSpan.FromSeconds(10);

    // Over less than this a rate says little; the next report tells more.
    private static readonly TimeSpan LeastSpan = TimeSpan.FromSeconds(0.5);

    // The first report may come late, as while this client connects; then a rate over the rest of its second would be too high.
    private static readonly TimeSpan FirstSpan = TimeSpan.FromSeconds(0.9);

    // One report a second: enough for the span, and bounded when they come faster.
    private const int MostReports = 16;

    private readonly List<(TimeSpan At, SiloStatistics Report)> _reports = [];
    private LiveRates? _rates;
    private LiveRates? _recent;

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>Whether it answers.</summary>
    public bool Answers { get; private set; }

    /// <summary>Since when it does, or does not, in milliseconds since 1970.</summary>
    public long Since { get; private set; }

    /// <summary>Its last report.</summary>
    public SiloStatistics? Last => _reports is [.., var last] ? last.Report : null;

    /// <summary>The keys that are looked up most at it.</summary>
    public ImmutableArray<HotKey> HotKeys { get; set; } = [];

    /// <summary>The lookups that it answers per second.</summary>
    public double Lookups => _recent?.Lookups ?? 0;

    private string? Problem { get; set; }

    /// <summary>Notes a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="at">When it came, by a clock that never jumps.</param>
    /// <param name="now">When it came, in milliseconds since 1970.</param>
    /// <returns>Whether the silo has been started again since the last one.</returns>
    public bool Take(SiloStatistics report, TimeSpan at, long now)
    {
        if (!Answers)
            (Answers, Since) = (true, now);
        Problem = null;
        var restarted = false;
        if (_reports is [.., var last])
        {
            if (at - last.At < LeastSpan)
                return false;
            if (_reports.Count == 1 && at - last.At < FirstSpan)
            {
                _reports[0] = (at, report);
                return false;
            }

            restarted = LiveRates.HasRestarted(last.Report, report);
            _rates = LiveRates.Between(last.Report, report, at - last.At);
            if (restarted)
                _reports.Clear();
        }

        _reports.Add((at, report));
        while (_reports.Count > MostReports || (_reports.Count > 2 && at - _reports[1].At >= RecentSpan))
            _reports.RemoveAt(0);
        _recent = _reports.Count > 1 ? LiveRates.Between(_reports[0].Report, report, at - _reports[0].At) : _rates;
        return restarted;
    }

    /// <summary>Notes that it has not answered.</summary>
    /// <returns>Whether it did before.</returns>
    public bool Miss(string problem, long now)
    {
        var was = Answers || Since == 0;
        if (was)
            (Answers, Since) = (false, now);
        Problem = problem;
        (_rates, _recent) = (null, null);
        return was;
    }

    public LiveSilo Describe() => new()
    {
        Name = name,
        Answers = Answers,
        Problem = Problem,
        Since = Since,
        Copies = Last?.Copies ?? 0,
        Absences = Last?.Absences ?? 0,
        Bytes = Last?.Bytes ?? 0,
        BudgetBytes = Last?.BudgetBytes ?? 0,
        Owners = Answers ? Last?.Owners ?? 0 : 0,
        CatalogFailed = Last?.CatalogFailed ?? false,
        Version = Last?.Version,
        MaxProbeTimeout = Last?.MaxProbeTimeout.TotalMilliseconds ?? 0,
        Rates = _rates,
        Recent = _recent,
    };
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace OrleansCache.Tests.Faults.Clusters;

/// <summary>Records when silos logged that another one was declared dead.</summary>
internal sealed partial class DeathLog
{
    private readonly ConcurrentQueue<(string Dead, string By, long Time)> _notices = new();

    /// <summary>Reads a line of a silo's log.</summary>
    public void Read(string silo, string line)
    {
        if (Notice().Match(line) is { Success: true } notice)
            _notices.Enqueue((notice.Groups[1].Value, silo, Stopwatch.GetTimestamp()));
    }

    /// <summary>The silos that have logged the death of a silo since a given time, in order, and after how many milliseconds.</summary>
    public IReadOnlyList<(string By, double After)> Of(string silo, long since) =>
    [
        .. _notices.Where(notice => notice.Dead == silo && notice.Time >= since)
            .DistinctBy(notice => notice.By)
            .Select(notice => (notice.By, Stopwatch.GetElapsedTime(since, notice.Time).TotalMilliseconds)),
    ];

    [GeneratedRegex(@"(\S+) \(\S+\) is dead$")]
    private static partial Regex Notice();
}

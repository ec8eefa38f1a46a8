using System.Globalization;
using OrleansCache.Distance.Clients;

namespace OrleansCache.Distance.Measuring;

/// <summary>The table of figures, as asked for and as measured. Each row is printed as soon as it is known.</summary>
internal sealed class Report
{
    private const string LoadFile = "/proc/loadavg";

    public void Begin(MeasuringOptions options)
    {
        var distances = options.Distances is { } given
            ? string.Join(", ", given.Select(distance => FormattableString.Invariant(
                $"{distance.One}-{distance.Other} {distance.RoundTrip.TotalMilliseconds} ms")))
            : "no distance";
        Console.WriteLine(FormattableString.Invariant(
            $"{distances}; jitter {options.Jitter.TotalMilliseconds} ms, loss {options.Loss:P1}; {Environment.ProcessorCount} cores"));
        Console.WriteLine();
        Console.WriteLine("| what | asked for | measured | load average |");
        Console.WriteLine("|---|---|---|---|");
    }

    /// <summary>Prints a figure.</summary>
    /// <param name="what">What was measured.</param>
    /// <param name="asked">The limit.</param>
    /// <param name="measured">The figure.</param>
    public void Add(string what, FormattableString asked, FormattableString measured)
    {
        var load = File.Exists(LoadFile) ? File.ReadAllText(LoadFile).Split(' ')[0] : "unknown";
        var (limit, figure) = (asked.ToString(CultureInfo.InvariantCulture), measured.ToString(CultureInfo.InvariantCulture));
        Console.WriteLine($"| {what} | {limit} | {figure} | {load} |");
    }

    /// <summary>Prints the latencies of lookups made one after the other, and what was wrong with them.</summary>
    public void AddSeries(string what, FormattableString asked, IReadOnlyList<LookupLine> lines, TimeSpan roundTrip)
    {
        var (p50, p90) = (At(lines.Select(line => line.Ms), 0.5), At(lines.Select(line => line.Ms), 0.9));
        var trips = roundTrip > TimeSpan.Zero
            ? FormattableString.Invariant($" = {p50 / roundTrip.TotalMilliseconds:0.00} ({p90 / roundTrip.TotalMilliseconds:0.00}) R")
            : "";
        var tiers = string.Join(
            " ", lines.Select(line => line.Tier).OfType<Tier>().CountBy(tier => tier).Select(tier => $"{tier.Key} {tier.Value}"));
        var flagged = lines.Count(line => line.Flags is not LookupFlags.None);
        Add(
            what,
            asked,
            $"p50 {p50:0.0} (p90 {p90:0.0}) ms{trips}; {tiers}; {flagged} flagged, {Failed(lines)} failed, {Hedged(lines)} hedged");
        Explain(lines.Select(line => line.Error ?? line.FailedAttempts?[0]));
    }

    /// <summary>Prints up to three different reasons.</summary>
    public void Explain(IEnumerable<string?> reasons)
    {
        foreach (var reason in reasons.OfType<string>().Distinct().Take(3))
            Console.WriteLine($"| | | {reason.ReplaceLineEndings(" ")} | |");
    }

    /// <summary>Prints the counts and latencies of a load.</summary>
    public void AddLoad(string what, FormattableString asked, LoadLine load)
    {
        Add(what, asked, $"{Text(load.Total)}; client late by at most {load.LatestStartMs:0.0} ms");
        Explain(load.Messages);
    }

    /// <summary>The counts and latencies as text.</summary>
    public static string Text(LoadFigures figures) =>
        $"{figures.Started} started: {figures.Failed} failed, {figures.Refused} refused, {figures.Flagged} flagged, "
        + $"{figures.Hedged} hedged; "
        + FormattableString.Invariant($"p50 {figures.P50:0.0}, p90 {figures.P90:0.0}, p99 {figures.P99:0.0}, most {figures.Max:0.0} ms; ")
        + string.Join(" ", figures.Tiers.OrderBy(tier => tier.Key).Select(tier => $"{tier.Key} {tier.Value}"));

    /// <summary>A quantile.</summary>
    public static double At(IEnumerable<double> values, double part)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : sorted[Math.Min((int)(sorted.Length * part), sorted.Length - 1)];
    }

    private static int Failed(IReadOnlyList<LookupLine> lines) => lines.Count(line => line.Error is not null);

    private static int Hedged(IReadOnlyList<LookupLine> lines) =>
        lines.Count(line => line.Error is null && line.FailedAttempts is not null);
}

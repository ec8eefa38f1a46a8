using System.Globalization;

namespace OrleansCache.Tests.Faults.Load;

/// <summary>The lookups that started within a span of a run.</summary>
internal sealed class Window(string name, IReadOnlyList<Sample> samples)
{
    private const double SteadySpan = 1_000;

    private readonly double[] _latencies = [.. samples.Select(sample => sample.Latency).Order()];

    private IReadOnlyList<Sample> Failed { get; } = [.. samples.Where(sample => sample.Failed)];

    public Window Of(string region) => new($"{name}, {region}", [.. samples.Where(sample => sample.Region == region)]);

    /// <summary>
    /// The start, in milliseconds of the run, of the first second in which all lookups were answered by the readers' own regions.
    /// </summary>
    public double ByThemselvesSince(double from)
    {
        var begin = from;
        foreach (var other in samples.Where(sample => !sample.ByItself && sample.Started >= from).Select(sample => sample.Started).Order())
        {
            if (other - begin >= SteadySpan)
                break;
            begin = other;
        }

        return begin;
    }

    /// <summary>Asserts that no lookup failed.</summary>
    public void NoneFailed() => Assert.True(
        Failed.Count == 0,
        string.Join(Environment.NewLine, Failed.Take(10).Select(sample => $"{sample.Started:N0} ms: {sample.Error}").Prepend(ToString())));

    private double Quantile(double part) =>
        _latencies.Length == 0 ? 0 : _latencies[Math.Min(_latencies.Length - 1, (int)(part * _latencies.Length))];

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{name}: {samples.Count} lookups, {Failed.Count} failed, p50 {Quantile(0.5):0.0} ms, p99 {Quantile(0.99):0.0} ms, "
        + $"p99.9 {Quantile(0.999):0.0} ms, longest {Quantile(1):0} ms; "
        + $"{samples.Count(sample => !sample.ByItself)} not by their own region, "
        + $"{samples.Count(sample => sample.Attempts > 0)} after failed attempts, "
        + $"{samples.Count(sample => sample.Flags != LookupFlags.None)} flagged; "
        + $"the load was {samples.Select(sample => sample.Late).DefaultIfEmpty().Max():0} ms late at most");
}

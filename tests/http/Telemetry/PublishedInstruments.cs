using System.Diagnostics.Metrics;
using OrleansCache.Telemetry;

namespace OrleansCache.Http.Tests.Telemetry;

/// <summary>Collects the instruments that are published while it lives.</summary>
internal sealed class PublishedInstruments : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Instrument> _instruments = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    public PublishedInstruments()
    {
        _listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name != TelemetryNames.Name)
                return;
            lock (_gate)
                _instruments[instrument.Name] = instrument;
        };
        _listener.Start();
    }

    /// <summary>The rows of the table in docs/metrics.md, without their tags.</summary>
    public IReadOnlyList<(string Name, string Kind, string Unit, string Description)> Rows()
    {
        lock (_gate)
            return [.. _instruments.Values.Select(one => (one.Name, KindOf(one), one.Unit ?? "", one.Description ?? ""))];
    }

    public void Dispose() => _listener.Dispose();

    private static string KindOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "Histogram" => "histogram",
        "Counter" or "ObservableCounter" => "counter",
        "ObservableUpDownCounter" => "up-down counter",
        var other => other == "ObservableGauge" ? "gauge" : other,
    };
}

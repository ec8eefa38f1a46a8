using System.Diagnostics.Metrics;

namespace OrleansCache.Tests.Client;

/// <summary>Makes meters that nobody disposes of, as those of a test live as long as it.</summary>
public sealed class TestMeters : IMeterFactory
{
    public Meter Create(MeterOptions options) => new(options);

    public void Dispose()
    {
    }
}

using System.Diagnostics;
using OpenTelemetry.Trace;
using OrleansCache.Http;

namespace OrleansCache.Tests.Http;

/// <summary>Which activities begin a trace.</summary>
public sealed class RootSamplerTests
{
    [Theory]
    [InlineData("lookup", 0.1, 100)]
    [InlineData("edit", 0.1, 100)]
    [InlineData("lookup", 0, 0)]
    [InlineData("lookup", 1, 1_000)]
    [InlineData("a call between silos", 1, 0)]
    public void It_takes_a_share_of_what_users_ask_for(string name, double ratio, int expected)
    {
        var sampler = new RootSampler(ratio);

        var taken = Enumerable.Range(0, 1_000).Count(_ =>
            sampler.ShouldSample(new(default, ActivityTraceId.CreateRandom(), name, ActivityKind.Internal)).Decision
                is SamplingDecision.RecordAndSample);

        // More than six standard deviations to each side.
        Assert.InRange(taken, expected - 60, expected + 60);
        Assert.True(ratio is > 0 and < 1 || taken == expected);
    }
}

using OpenTelemetry.Trace;

namespace OrleansCache.Http;

/// <summary>
/// Decides which activities begin a trace: a share of the lookups, edits and HTTP requests, and no calls with which silos keep their
/// cluster together.
/// </summary>
/// <param name="ratio">The share, from 0 to 1.</param>
internal sealed class RootSampler(double ratio) : Sampler
{
    private readonly TraceIdRatioBasedSampler _share = new(ratio);

    /// <inheritdoc/>
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        samplingParameters.Name is "lookup" or "edit" or "Microsoft.AspNetCore.Hosting.HttpRequestIn"
            ? _share.ShouldSample(samplingParameters)
            : new(SamplingDecision.Drop);
}

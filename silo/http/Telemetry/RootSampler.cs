using OpenTelemetry.Trace;

namespace OrleansCache.Http;

/// <summary>
/// Decides which activities begin a trace: lookups, edits and HTTP requests, and no calls with which silos keep their cluster together.
/// </summary>
internal sealed class RootSampler : Sampler
{
    /// <inheritdoc/>
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) => new(
        samplingParameters.Name is "lookup" or "edit" or "Microsoft.AspNetCore.Hosting.HttpRequestIn"
            ? SamplingDecision.RecordAndSample
            : SamplingDecision.Drop);
}

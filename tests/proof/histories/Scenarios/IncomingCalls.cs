namespace OrleansCache.Proof.Scenarios;

/// <summary>The calls that arrive at a silo's grains.</summary>
internal sealed class IncomingCalls(CallScript script, string region) : IIncomingGrainCallFilter
{
    public Task Invoke(IIncomingGrainCallContext context) => script.ArriveAsync(context, region);
}

namespace OrleansCache.Proof.Scenarios;

/// <summary>The calls that leave a silo or an application.</summary>
internal sealed class OutgoingCalls(CallScript script, string from) : IOutgoingGrainCallFilter
{
    public Task Invoke(IOutgoingGrainCallContext context) => script.LeaveAsync(context, from);
}

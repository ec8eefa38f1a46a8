using OrleansCache.Leases;

namespace OrleansCache.Coherence.Clusters;

/// <summary>Holds revocations back on their way, to silos and to clients, so that what should wait for them has something to wait for.</summary>
internal sealed class SlowRevocations : IOutgoingGrainCallFilter
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(30);

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        if (context.MethodName == nameof(ILeaseHolder.RevokeAsync))
            await Task.Delay(Longest * Random.Shared.NextDouble());
        await context.Invoke();
    }
}

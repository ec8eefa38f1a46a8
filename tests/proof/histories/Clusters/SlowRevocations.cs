using OrleansCache.Leases;
using OrleansCache.Proof.Schedules;

namespace OrleansCache.Proof.Clusters;

/// <summary>Delays revocations on their way to silos and clients, so that whatever must wait for them does wait.</summary>
internal sealed class SlowRevocations(ulong seed) : IOutgoingGrainCallFilter
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(30);

    private readonly Lock _gate = new();
    private readonly SplitMix64 _random = new(seed);

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        if (context.MethodName == nameof(ILeaseHolder.RevokeAsync))
            await Task.Delay(Delay());
        await context.Invoke();
    }

    private TimeSpan Delay()
    {
        lock (_gate)
            return _random.Between(TimeSpan.Zero, Longest);
    }
}

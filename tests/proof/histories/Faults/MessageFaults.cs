using OrleansCache.Leases;
using OrleansCache.Owners;
using OrleansCache.Proof.Schedules;

namespace OrleansCache.Proof.Faults;

/// <summary>Delays and loses a process's calls, requests and responses, on order. Delayed calls overtake each other.</summary>
/// <param name="orders">The orders.</param>
/// <param name="process">The name of this process.</param>
/// <param name="seed">Determines which calls are lost, and the delays of the others.</param>
internal sealed class MessageFaults(FaultOrders orders, string process, ulong seed) : IOutgoingGrainCallFilter
{
    private const int LostPercent = 30;

    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(40);

    // As long as the protocol's callers wait.
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(500);

    // The calls of the protocol, and the lookups that depend on it. A router's calls do not concern leases.
    private static readonly HashSet<Type> Troubled =
    [
        typeof(ILeaseHolder), typeof(ILeaseOwner), typeof(IOwnerGrain), typeof(INearSource), typeof(INearObserver), typeof(IBookGrain),
    ];

    private readonly Lock _gate = new();
    private readonly SplitMix64 _random = new(seed);

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        if (!Troubled.Contains(context.InterfaceMethod.DeclaringType!))
        {
            await context.Invoke();
            return;
        }

        var name = $"{context.InterfaceMethod.DeclaringType!.Name}.{context.MethodName}";
        if (orders.Stands(Fault.LoseMessages.Name, process) && Below(100) < LostPercent)
        {
            orders.Tell(Fault.LoseMessages.Name);
            // The caller cannot tell whether the request was lost or the answer.
            if (Below(2) == 0)
                await context.Invoke();
            await Task.Delay(Silence);
            throw new TimeoutException($"{name} was lost.");
        }

        var delays = orders.Stands(Fault.DelayMessages.Name, process);
        if (delays)
            await Task.Delay(LongestDelay * (Below(1_000) / 1_000.0));
        await context.Invoke();
        if (delays)
            await Task.Delay(LongestDelay * (Below(1_000) / 1_000.0));
    }

    private int Below(int limit)
    {
        lock (_gate)
            return _random.Below(limit);
    }
}

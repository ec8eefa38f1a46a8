using OrleansCache.Leases;
using OrleansCache.Owners;
using OrleansCache.Proof.Schedules;

namespace OrleansCache.Proof.Faults;

/// <summary>
/// Delays and loses the calls that a process makes, while that is ordered: requests and answers. Calls that are delayed overtake each
/// other.
/// </summary>
/// <param name="orders">What is ordered.</param>
/// <param name="process">Who this process is.</param>
/// <param name="seed">Decides which calls are lost, and how long the others take.</param>
internal sealed class MessageFaults(FaultOrders orders, string process, ulong seed) : IOutgoingGrainCallFilter
{
    private const int LostPercent = 30;

    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(40);

    // As long as a caller of the protocol is patient.
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(500);

    // The calls of the protocol, and the lookups that rest on it. A router's calls have nothing to do with leases.
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

using System.Diagnostics;
using OrleansCache.Owners;
using OrleansCache.Proof.Schedules;

namespace OrleansCache.Proof.Faults;

/// <summary>Kills the owner's process (SIGKILL) at a point of an edit, when that is ordered.</summary>
internal sealed class DeadlyPoints(FaultOrders orders) : IEditPoints
{
    /// <summary>Whom such an order is for: whichever silo has the owner of the book that is edited next.</summary>
    public const string AnyOwner = "owner";

    public async Task ReachedAsync(EditPoint point, IReadOnlyList<string> books)
    {
        var order = $"{Fault.KillAtPoint($"{point}")}";
        if (!orders.TryTake(order, AnyOwner))
            return;
        orders.Tell(order);
        Process.GetCurrentProcess().Kill();
        // Until the system has done it, this edit must not go on.
        await Task.Delay(Timeout.Infinite);
    }
}

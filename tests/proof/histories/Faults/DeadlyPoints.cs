using System.Diagnostics;
using OrleansCache.Owners;
using OrleansCache.Proof.Schedules;

namespace OrleansCache.Proof.Faults;

/// <summary>Kills the owner's process (SIGKILL) at a named point of an edit, on order.</summary>
internal sealed class DeadlyPoints(FaultOrders orders) : IEditPoints
{
    /// <summary>The target of such an order: the silo with the owner of the book that is edited next.</summary>
    public const string AnyOwner = "owner";

    public async Task ReachedAsync(EditPoint point, IReadOnlyList<string> books)
    {
        var order = $"{Fault.KillAtPoint($"{point}")}";
        if (!orders.TryTake(order, AnyOwner))
            return;
        orders.Tell(order);
        Process.GetCurrentProcess().Kill();
        // The edit must not continue before the signal takes effect.
        await Task.Delay(Timeout.Infinite);
    }
}

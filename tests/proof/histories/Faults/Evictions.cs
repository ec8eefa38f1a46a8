using Microsoft.Extensions.Hosting;
using OrleansCache.Entries;
using OrleansCache.Proof.Schedules;

namespace OrleansCache.Proof.Faults;

/// <summary>Evicts books from a silo's memory on order, as a full table does; clients may hold leases on them.</summary>
internal sealed class Evictions(FaultOrders orders, string silo, LeasedEntryTable entries) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (!orders.TryTake(Fault.EvictBook.Name, silo))
                    continue;
                foreach (var book in Processes.TroubledCluster.Books)
                {
                    if (entries.Find(book) is not { Holder: { } holder } entry)
                        continue;
                    if (entries.ClientsOf(book) != 0)
                        orders.Tell(Fault.EvictBook.Name);
                    holder.Evict(entry, EvictionReason.LeastRecentlyUsed);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The silo stops.
        }
    }
}

using OrleansCache.Entries;
using OrleansCache.Placement;
using OrleansCache.Topology;

namespace OrleansCache.Leases;

/// <inheritdoc cref="INearSource"/>
[SiloPlacement]
internal sealed class NearSourceGrain(NearClients clients, RegionRoutes routes) : Grain, INearSource
{
    // At a round trip of 160 ms to the owners a thousand books take two round trips.
    private const int LookupsAtATime = 512;

    /// <inheritdoc/>
    public Task JoinAsync(Guid client, INearObserver observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return clients.Join(client, observer)
            ? Task.CompletedTask
            : throw new LookupRefusedException(
                $"The silo {this.GetPrimaryKeyString()} has as many clients with near caches as it accepts; " +
                "this client gets no leases from it.");
    }

    /// <inheritdoc/>
    public Task<NearRenewal?> RenewAsync(Guid client, Releases releases, long workedOff) =>
        Task.FromResult(clients.Find(client) is { } known ? clients.Renew(known, releases, workedOff) : null);

    /// <inheritdoc/>
    public Task<NearConfirmation[]?> ConfirmAsync(Guid client, HeldRow[] rows, long released)
    {
        ArgumentNullException.ThrowIfNull(rows);
        MessageLimits.Check(rows.Length, MessageLimits.Keys, "keys");
        foreach (var row in rows)
            CacheKey.Validate(row.Book);
        return Task.FromResult(clients.Find(client) is { } known
            ? Array.ConvertAll(rows, row => clients.Confirm(known, row, released))
            : null);
    }

    /// <inheritdoc/>
    public async Task<LookupAnswer?[]> LookupManyAsync(string[] books, LookupOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(books);
        MessageLimits.Check(books.Length, MessageLimits.Keys, "keys");
        var answers = new LookupAnswer?[books.Length];
        var next = 0;
        // The books of one call must not be shed because of each other. The grain's calls interleave on one thread at a time.
        await Task.WhenAll(Enumerable.Range(0, Math.Min(books.Length, LookupsAtATime)).Select(_ => WorkAsync()));
        return answers;

        async Task WorkAsync()
        {
            while (next < books.Length)
            {
                var i = next++;
                answers[i] = await TryLookupAsync(books[i], options, cancellation);
            }
        }
    }

    /// <inheritdoc/>
    public Task LeaveAsync(Guid client)
    {
        clients.Leave(client);
        return Task.CompletedTask;
    }

    private async Task<LookupAnswer?> TryLookupAsync(string key, LookupOptions options, CancellationToken cancellation)
    {
        try
        {
            var grain = GrainFactory.GetGrain<IBookGrain>(new BookGrainKey(routes.Region, 1, key).ToString());
            return await grain.LookupAsync(options, cancellation);
        }
        catch (Exception error) when (error is not InvalidKeyException && !cancellation.IsCancellationRequested)
        {
            // The caller then looks the key up separately, and gets the error there.
            return null;
        }
    }
}

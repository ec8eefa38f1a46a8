using System.Collections.Immutable;
using OrleansCache.Client;

namespace OrleansCache.Http;

/// <summary>Finds out who holds a key, and which way a lookup of it takes.</summary>
internal sealed class KeyInspector(IBookCache books, ICacheOperations operations, RegionMap regions, ILocalSilo silo, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Asks every region for its copies of a key, and the key's owner for what the catalog holds. No copy is loaded or renewed.
    /// </summary>
    /// <exception cref="InvalidKeyException">The key is invalid.</exception>
    public async Task<KeyCopies> CopiesOfAsync(string key, CancellationToken cancellation)
    {
        var kept = BookKey.Of(key);
        var at = time.GetUtcNow().ToUnixTimeMilliseconds();
        var catalog = AskCatalogAsync(key, cancellation);
        var asked = await Task.WhenAll(regions.Names.Select(region => AskAsync(region, key, cancellation))).ConfigureAwait(false);
        return new(kept, at, await catalog.ConfigureAwait(false), [.. asked]);
    }

    /// <summary>Looks a key up as any reader does, and tells the way that the lookup took.</summary>
    /// <param name="key">The key.</param>
    /// <param name="region">The reader's region; null for that of this silo.</param>
    /// <param name="cancellation">Cancels the lookup.</param>
    /// <exception cref="InvalidKeyException">The key is invalid.</exception>
    /// <exception cref="UnknownRegionException">The region is not configured.</exception>
    public async Task<KeyWay> LookUpAsync(string key, string? region, CancellationToken cancellation)
    {
        var reader = region ?? silo.Region;
        _ = regions.OrderFrom(reader);
        var began = time.GetTimestamp();
        LookupResult? result = null;
        string? problem = null;
        try
        {
            result = await books.GetAsync(key, new() { Region = reader, Trace = true }, cancellation).ConfigureAwait(false);
        }
        catch (CacheException error)
        {
            problem = error.Message;
        }

        return KeyWay.Of(new(key, reader, result, problem, time.GetElapsedTime(began)), silo.Name);
    }

    private async Task<CatalogCopy> AskCatalogAsync(string key, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            var seen = await operations.PeekCatalogAsync(key, end.Token).ConfigureAwait(false);
            return new(seen.Exists, seen.Identity.Version, seen.Identity.Tag.ToString("N"));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new(false, 0, null, $"The owner did not answer within {Patience.TotalSeconds:0} s");
        }
        catch (CacheException error)
        {
            return new(false, 0, null, error.Message);
        }
    }

    private async Task<RegionCopies> AskAsync(string region, string key, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            var seen = await operations.PeekAsync(region, key, end.Token).ConfigureAwait(false);
            return new(region, null, seen.Node?.Node, Describe(seen));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new(region, $"It did not answer within {Patience.TotalSeconds:0} s", null, []);
        }
        catch (CacheException error)
        {
            return new(region, error.Message, null, []);
        }
    }

    private static ImmutableArray<KeyCopy> Describe(RegionInspection seen) =>
    [
        .. seen.Silos.Select(held => Describe(held.Silo, false, held.Row, held.TimeToLive, held.Problem) with
        {
            Lease = held.Lease.TotalMilliseconds,
            Clients = held.Clients,
        }),
        .. seen.Node is { } node ? (KeyCopy[])[Describe(node.Node, true, node.Row, node.TimeToLive, node.Problem)] : [],
    ];

    private static KeyCopy Describe(string place, bool isNode, CachedRow? row, TimeSpan left, string? problem) => row is null
        ? new(place, isNode, false, Problem: problem)
        : new(
            place, isNode, true, row.Exists, row.Identity.Version, row.Identity.Tag.ToString("N"), TitleOf(row),
            TimeToLive: left.TotalMilliseconds, Problem: problem);

    private static string? TitleOf(CachedRow row)
    {
        try
        {
            return row.Payload is { } payload ? BookPayload.Decode(payload).Title : null;
        }
        catch (InvalidPayloadException)
        {
            return "(not a book)";
        }
    }
}

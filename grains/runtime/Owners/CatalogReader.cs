using System.Diagnostics;
using Microsoft.Extensions.Options;
using OrleansCache.Catalogs;
using OrleansCache.Configuration;
using OrleansCache.Diagnostics;
using OrleansCache.Entries;
using OrleansCache.Telemetry;

namespace OrleansCache.Owners;

/// <summary>
/// Reads the catalog for all owners of a silo: for lookups, and for edits with queries of their own, so that lookups never wait behind
/// them. See <see cref="ReadQueue"/>.
/// </summary>
internal sealed class CatalogReader : IAsyncDisposable
{
    private readonly QueryLog _log;
    private readonly ReadQueue _lookups;
    private readonly ReadQueue _edits;

    public CatalogReader(ICatalog catalog, IOptions<CacheOptions> options, Clock clock, SiloCounters counters)
    {
        var budget = options.Value.OwnerBudget;
        _log = new(counters);
        _lookups = new(catalog, _log, clock, budget, OwnerTimeouts.QueriesOfLookups);
        _edits = new(catalog, _log, clock, budget, OwnerTimeouts.QueriesOfEdits);
    }

    /// <summary>Whether the newest query that has ended has failed; none has at first.</summary>
    public bool HasFailed => _log.HasFailed;

    /// <summary>How long a read is worth waiting for that somebody else has begun; it is repeated then.</summary>
    public TimeSpan Patience => _lookups.Patience;

    /// <summary>The reads that wait for the next query.</summary>
    internal int Waiting => _lookups.Waiting;

    /// <summary>Reads a row with a query that begins after this call.</summary>
    /// <param name="key">The book's key.</param>
    /// <exception cref="CatalogUnavailableException">
    /// The catalog cannot be read, or not within the caller's budget, or too many reads are waiting.
    /// </exception>
    public Task<CatalogRow> ReadAsync(string key)
    {
        var read = _lookups.Read(key)[0];
        return Tracing.Source.HasListeners() ? TraceAsync(read) : read;
    }

    /// <summary>Reads rows for edits, with queries that begin after this call.</summary>
    /// <exception cref="CatalogUnavailableException">The catalog cannot be read, or too many reads are waiting.</exception>
    public async Task<CachedRow[]> ReadForEditsAsync(string[] keys, CancellationToken cancellation)
    {
        var rows = await Task.WhenAll(_edits.Read(keys)).WaitAsync(cancellation);
        return [.. rows.Select(row => row.Row)];
    }

    public async ValueTask DisposeAsync()
    {
        await _lookups.DisposeAsync();
        await _edits.DisposeAsync();
    }

    private static async Task<CatalogRow> TraceAsync(Task<CatalogRow> read)
    {
        using var activity = Tracing.Source.StartActivity("catalog read", ActivityKind.Client);
        return await read;
    }
}

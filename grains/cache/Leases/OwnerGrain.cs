using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansCache.Catalog;
using OrleansCache.Placement;
using OrleansCache.Routing;
using OrleansCache.Settings;
using OrleansCache.Statistics;
using OrleansCache.Time;

namespace OrleansCache.Leases;

/// <summary>Loads and stores the books of its slot; see <see cref="IOwnerGrain"/>.</summary>
[HomePlacement]
internal sealed partial class OwnerGrain(
    CatalogReader reader,
    IBookCatalog catalog,
    RecentRows recent,
    RegionalSilos silos,
    IOptions<CacheSettings> settings,
    Clock clock,
    ActivationLog activations,
    ILogger<OwnerGrain> logger) : Grain, IOwnerGrain
{
    private static readonly TimeSpan RevokePatience = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Task<CatalogRow>> _reads = [];

    /// <summary>The key of a slot's owner.</summary>
    public static string KeyOf(int slot) => slot.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        activations.Began(this);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        activations.Ended(this);
        recent.ForgetAll(this);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask<LoadAnswer> LoadAsync(string key, bool fresh, CancellationToken cancellation)
    {
        BookKey.Validate(key);
        if (!fresh && recent.Find(this, key) is { } row)
            return new(row.Copy, FromMemory: true, row.Age(clock));
        var joined = false;
        Task<CatalogRow>? read = null;
        if (!fresh)
            joined = _reads.TryGetValue(key, out read);
        read ??= ReadAsync(key);
        var result = await read.WaitAsync(cancellation);
        return new(result.Copy, FromMemory: joined, result.Age(clock));
    }

    /// <inheritdoc/>
    public Task PingAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task<StoreOutcome[]> StoreAsync(BookWrite[] books, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(books);
        foreach (var book in books)
            Check(book);
        try
        {
            var outcomes = await catalog.StoreAsync(books, cancellation);
            string[] changed = [.. books.Zip(outcomes).Where(pair => pair.Second is not StoreOutcome.Unchanged).Select(pair => pair.First.Key).Distinct()];
            if (changed.Length > 0)
                await RevokeAsync(changed);
            return outcomes;
        }
        catch (Exception error) when (error is not CatalogUnavailableException)
        {
            // Whether it was stored is not known, so nothing read before may be given out as if it were not.
            await RevokeAsync([.. books.Select(book => book.Key).Distinct()]);
            if (error is BookCacheException or OperationCanceledException)
                throw;
            throw new OutcomeUnknownException(
                $"Whether {books.Length:N0} books of slot {this.GetPrimaryKeyString()} were stored is not known; store them again, which is safe: {error.Message}", error);
        }
    }

    private async Task<CatalogRow> ReadAsync(string key)
    {
        var read = reader.ReadAsync(key);
        _reads[key] = read;
        try
        {
            var row = await read;
            // A store or a later read has taken its place otherwise.
            if (IsCurrent(key, read))
                recent.Remember(this, key, row);
            return row;
        }
        finally
        {
            if (IsCurrent(key, read))
                _reads.Remove(key);
        }
    }

    private bool IsCurrent(string key, Task<CatalogRow> read) => _reads.TryGetValue(key, out var current) && current == read;

    private void Void(string[] keys)
    {
        // Reads in flight began before the store: their callers may have them, later ones not.
        foreach (var key in keys)
            _reads.Remove(key);
        recent.Forget(keys);
    }

    // What is stored is stored, whether or not the caller still waits; so it cannot be cancelled.
    private Task RevokeAsync(string[] keys)
    {
        Void(keys);
        return Task.WhenAll(silos.All.Select(silo => RevokeAsync(silo, keys)));
    }

    private async Task RevokeAsync(RegionalSilo silo, string[] keys)
    {
        try
        {
            var grain = GrainFactory.GetGrain<ISiloGrain>(silo.Address.ToParsableString());
            await grain.RevokeAsync(keys, CancellationToken.None).WaitAsync(RevokePatience, clock.TimeProvider);
        }
        catch (Exception error)
        {
            // Without leases nobody waits for a silo that cannot be reached: its copies end with their time to live.
            LogNotRevoked(keys.Length, silo.Name, error.Message);
        }
    }

    private void Check(BookWrite book)
    {
        var slot = BookKey.SlotOf(BookKey.Validate(book.Key), settings.Value.Slots);
        if (KeyOf(slot) != this.GetPrimaryKeyString())
            throw new InvalidBookException($"\"{book.Key}\" belongs to slot {slot}, not to slot {this.GetPrimaryKeyString()}; client and silos must be configured with the same number of slots ({settings.Value.Slots} here).");
        if (book.Payload.Length > BookPayload.MaxBytes)
            throw new InvalidBookException($"The payload of \"{book.Key}\" has {book.Payload.Length:N0} bytes; at most {BookPayload.MaxBytes:N0} are kept.");
        BookPayload.Decode(book.Payload);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} changed books were not revoked at {Silo}; its copies live out their time: {Reason}")]
    private partial void LogNotRevoked(int count, string silo, string reason);
}

using Microsoft.Extensions.Options;

namespace OrleansCache.Client;

/// <inheritdoc cref="IBookCache"/>
internal sealed class BookCache : IBookCache, IAsyncDisposable
{
    // Those of a batch that are looked up by themselves, where so many may be under way at all: they are not to wait for each other until there is no time left.
    private const int LookupsAtATime = 32;

    private readonly RegionMap _regions;
    private readonly SeenVersions _seen;
    private readonly NearCache? _near;
    private readonly Editor _editor;
    private readonly CacheClientOptions _settings;
    private readonly TimeProvider _time;
    private readonly LookupAdmission _admission;
    private readonly Reader _reader;
    private readonly BatchReader _batches;
    private readonly Flights? _flights;

    public BookCache(
        IBookGrains grains, IBatchGrains batches, Editor editor, RegionMap regions, RegionHealthMap healthMap, SeenVersions seen, NearCache? near, IOptions<CacheClientOptions> settings, TimeProvider time)
    {
        (_regions, _seen, _near, _editor, _settings, _time) = (regions, seen, near, editor, settings.Value, time);
        _admission = new(_settings, time);
        _reader = new(grains, regions, healthMap, _admission, seen, near, settings, time);
        _batches = new(batches, regions, healthMap, _admission, _reader, near, settings, time);
        // Without leases nobody may be answered from a lookup that began before it came.
        _flights = near is null ? null : new(near, seen, _settings, time);
    }

    public ValueTask<LookupResult> GetAsync(string key, GetOptions? options = null, CancellationToken cancellation = default) =>
        !cancellation.IsCancellationRequested && FindNear(key, options) is { } hit ? new(hit) : ReadAsync(key, options ?? GetOptions.Default, cancellation);

    public async Task<IReadOnlyList<LookupResult>> GetManyAsync(IReadOnlyList<string> keys, GetOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        cancellation.ThrowIfCancellationRequested();
        var asked = options ?? GetOptions.Default;
        var results = new LookupResult?[keys.Count];
        HashSet<string>? missing = null;
        for (var i = 0; i < results.Length; i++)
        {
            CacheKey.Validate(keys[i]);
            if ((results[i] = FindNear(keys[i], options)) is null)
                (missing ??= []).Add(keys[i]);
        }

        if (missing is not null)
        {
            var read = await _batches.ReadAsync(missing, asked, cancellation).ConfigureAwait(false);
            missing.ExceptWith(read.Keys);
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Min(LookupsAtATime, _admission.Open), CancellationToken = cancellation };
            await Parallel.ForEachAsync(missing, parallel, async (key, stop) => read[key] = await GetAsync(key, options, stop).ConfigureAwait(false)).ConfigureAwait(false);
            for (var i = 0; i < results.Length; i++)
                results[i] ??= read[keys[i]];
        }

        return results!;
    }

    public async Task<EditReceipt> PutAsync(string key, Book book, EditOptions? options = null, CancellationToken cancellation = default)
    {
        CacheKey.Validate(key);
        ArgumentNullException.ThrowIfNull(book);
        return await EditAsync(key, BookPayload.Encode(book), options ?? EditOptions.Default, cancellation).ConfigureAwait(false);
    }

    public async Task<EditReceipt> RemoveAsync(string key, EditOptions? options = null, CancellationToken cancellation = default)
    {
        CacheKey.Validate(key);
        return await EditAsync(key, null, options ?? EditOptions.Default, cancellation).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_flights is not null)
            await _flights.DisposeAsync().ConfigureAwait(false);
        _admission.Dispose();
    }

    private LookupResult? FindNear(string key, GetOptions? options)
    {
        if (_near is null || key is null)
            return null;
        if (options is null)
            return _near.Find(key, 0);
        // A region that is not configured is an error whether or not the book is here.
        return options.Fresh || (options.Region is { } region && !_regions.Contains(region)) ? null : _near.Find(key, options.AtLeast ?? 0);
    }

    private async ValueTask<LookupResult> ReadAsync(string key, GetOptions options, CancellationToken cancellation)
    {
        CacheKey.Validate(key);
        cancellation.ThrowIfCancellationRequested();
        // A fresh read must begin after it was asked for, so it joins none that is under way.
        if (_flights is null || options.Fresh)
            return (await _reader.ReadAsync(key, options, TimeSpan.Zero, cancellation).ConfigureAwait(false)).Result;
        var flight = new FlightKey(key, options.Region, options.RequireCoherent, options.AtLeast ?? 0);
        return await _flights.ReadAsync(flight, (waited, giveUp) => _reader.ReadAsync(key, options, waited, giveUp), cancellation).ConfigureAwait(false);
    }

    private async Task<EditReceipt> EditAsync(string key, byte[]? payload, EditOptions options, CancellationToken cancellation)
    {
        options.Validate(isRemoval: payload is null);
        var began = _time.GetTimestamp();
        var edit = new Edit(options.Id ?? Guid.NewGuid(), key, payload, options.Expected, options.ExpectedTag);
        var result = (await _editor.EditAsync(CacheKey.Parse(key).SlotOf(_settings.Slots), [edit], cancellation).ConfigureAwait(false))[0];
        // The author has seen this version now, or somebody else's that stood in the way, and must not see an older one any more.
        _seen.Note(key, result.Identity.Version);
        _near?.DropBelow(key, result.Identity.Version);
        return result.Outcome is EditOutcome.Conflict
            ? throw EditConflict.Of(edit, result.Identity)
            : new() { Key = key, Outcome = result.Outcome, Version = result.Identity.Version, Tag = result.Identity.Tag, Elapsed = _time.GetElapsedTime(began) };
    }
}

using Microsoft.Extensions.Options;

namespace OrleansCache.Client;

/// <summary>
/// The entry point. A lookup goes one way: the near cache (<see cref="ClientSession"/>), then <see cref="LookupCoalescer"/>, then
/// <see cref="LookupReader"/>, whose <see cref="Lookup"/> makes one <see cref="Attempt"/> or several. Keys become a <see cref="CacheKey"/>
/// here, lookups only after a miss: an entry of the near cache has a valid key.
/// </summary>
internal sealed class BookCache : IBookCache, IAsyncDisposable
{
    // The keys of a batch that are looked up one by one must not wait for each other's permits until their deadline.
    private const int LookupsAtATime = 32;

    private readonly RegionMap _regions;
    private readonly ClientSession _session;
    private readonly Editor _editor;
    private readonly CacheClientOptions _options;
    private readonly TimeProvider _time;
    private readonly LookupAdmission _admission;
    private readonly LookupReader _reader;
    private readonly LookupCoalescer? _coalescer;
    private readonly BatchReader _batches;

    public BookCache(
        IBookGrains grains,
        Editor editor,
        RegionMap regions,
        RegionHealthMap healthMap,
        ClientSession session,
        IOptions<CacheClientOptions> clientOptions,
        TimeProvider time)
    {
        (_regions, _session, _editor, _options, _time) = (regions, session, editor, clientOptions.Value, time);
        _admission = new(_options, time);
        _reader = new(grains, regions, healthMap, _admission, session, clientOptions, time);
        _coalescer = session.HasLeases ? new(_reader, session) : null;
        _batches = new(grains, regions, healthMap, _admission, session, clientOptions, time);
    }

    /// <inheritdoc/>
    public ValueTask<LookupResult> GetAsync(string key, GetOptions? options = null, CancellationToken cancellation = default) =>
        !cancellation.IsCancellationRequested && FindNear(key, options) is { } hit
            ? new(hit)
            : ReadAsync(key, options ?? GetOptions.Default, cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LookupResult>> GetManyAsync(
        IReadOnlyList<string> keys, GetOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        cancellation.ThrowIfCancellationRequested();
        var asked = options ?? GetOptions.Default;
        var results = new LookupResult?[keys.Count];
        HashSet<CacheKey>? missing = null;
        for (var i = 0; i < results.Length; i++)
        {
            if ((results[i] = FindNear(keys[i], options)) is null)
                (missing ??= []).Add(CacheKey.Parse(keys[i]));
        }

        if (missing is null)
            return results!;
        var read = await _batches.ReadAsync(missing, asked, cancellation).ConfigureAwait(false);
        missing.RemoveWhere(key => read.ContainsKey(key.Text));
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = Math.Min(LookupsAtATime, _admission.Limit),
            CancellationToken = cancellation,
        };
        await Parallel.ForEachAsync(
            missing,
            parallel,
            async (key, stop) => read[key.Text] = FindNear(key.Text, options) ?? await ReadAsync(key, asked, stop).ConfigureAwait(false))
            .ConfigureAwait(false);
        for (var i = 0; i < results.Length; i++)
            results[i] ??= read[keys[i]];
        return results!;
    }

    /// <inheritdoc/>
    public async Task<EditReceipt> PutAsync(string key, Book book, EditOptions? options = null, CancellationToken cancellation = default)
    {
        var parsed = CacheKey.Parse(key);
        ArgumentNullException.ThrowIfNull(book);
        return await EditAsync(parsed, BookPayload.Encode(book), options ?? EditOptions.Default, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<EditReceipt> RemoveAsync(string key, EditOptions? options = null, CancellationToken cancellation = default) =>
        await EditAsync(CacheKey.Parse(key), null, options ?? EditOptions.Default, cancellation).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        if (_coalescer is not null)
            await _coalescer.DisposeAsync().ConfigureAwait(false);
        _admission.Dispose();
    }

    private LookupResult? FindNear(string? key, GetOptions? options)
    {
        if (key is null)
            return null;
        if (options is null)
            return _session.Find(key, 0);
        // An unknown region is an error, whether or not there is an entry.
        return options.Fresh || (options.Region is { } region && !_regions.Contains(region))
            ? null
            : _session.Find(key, options.AtLeast ?? 0);
    }

    // Asynchronous, so that an invalid key fails the task and not the call.
    private async ValueTask<LookupResult> ReadAsync(string key, GetOptions options, CancellationToken cancellation) =>
        await ReadAsync(CacheKey.Parse(key), options, cancellation).ConfigureAwait(false);

    private async ValueTask<LookupResult> ReadAsync(CacheKey key, GetOptions options, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var deadline = new LookupDeadline(_options, _time);
        // A fresh read must begin after it was asked for, so it shares none that is in flight.
        if (_coalescer is null || options.Fresh)
            return (await _reader.ReadAsync(key, options, deadline, cancellation).ConfigureAwait(false)).Result;
        return await _coalescer.GetAsync(key, options, deadline, cancellation).ConfigureAwait(false);
    }

    private async Task<EditReceipt> EditAsync(CacheKey key, byte[]? payload, EditOptions options, CancellationToken cancellation)
    {
        options.Validate(isRemoval: payload is null);
        var began = _time.GetTimestamp();
        var edit = new Edit(options.Id ?? Guid.NewGuid(), key.Text, payload, options.Expected, options.ExpectedTag);
        var result = (await _editor.EditAsync(key.SlotOf(_options.Slots), [edit], cancellation).ConfigureAwait(false))[0];
        _session.NoteEdit(key, result.Identity.Version);
        if (result.Outcome is EditOutcome.Conflict)
            throw Editor.Conflict(edit, result.Identity);
        return new()
        {
            Key = key.Text,
            Outcome = result.Outcome,
            Version = result.Identity.Version,
            Tag = result.Identity.Tag,
            Elapsed = _time.GetElapsedTime(began),
        };
    }
}

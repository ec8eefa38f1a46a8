using Microsoft.Extensions.Options;
using OrleansCache.Telemetry;

namespace OrleansCache.Client;

/// <summary>
/// The entry point. A lookup goes one way: the near cache (<see cref="ClientSession"/>), then <see cref="LookupCoalescer"/>, then
/// <see cref="LookupReader"/>, whose <see cref="Lookup"/> makes one <see cref="Attempt"/> or several. Keys become a <see cref="CacheKey"/>
/// here, lookups only after a miss: an entry of the near cache has a valid key. All are about the spelling that <see cref="BookKey"/> says;
/// a book that stands under the given one only, in a catalog that was filled before there was that rule, is found, changed and removed
/// there.
/// </summary>
internal sealed class BookCache : IBookCache, IAsyncDisposable
{
    // The keys of a batch that are looked up one by one must not wait for each other's permits until their deadline.
    private const int LookupsAtATime = 32;

    // Which spelling an edit is about must not follow from a flagged answer.
    private static readonly GetOptions FreshRead = new() { Fresh = true, RequireCoherent = true };

    private readonly RegionMap _regions;
    private readonly FirstConnection _connection;
    private readonly ClientSession _session;
    private readonly Editor _editor;
    private readonly ClientMetrics _metrics;
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
        RegionStates states,
        FirstConnection connection,
        ClientSession session,
        ClientMetrics metrics,
        IOptions<CacheClientOptions> clientOptions,
        TimeProvider time)
    {
        (_regions, _connection, _session, _editor, _metrics) = (regions, connection, session, editor, metrics);
        (_options, _time) = (clientOptions.Value, time);
        _admission = new(_options, time);
        var retries = new RetryBudget(time);
        _reader = new(grains, regions, states, retries, _admission, session, metrics, time);
        _coalescer = session.HasLeases ? new(_reader, session, metrics) : null;
        _batches = new(grains, regions, states, retries, _admission, session, clientOptions, time);
    }

    /// <inheritdoc/>
    public ValueTask<LookupResult> GetAsync(string key, GetOptions? options = null, CancellationToken cancellation = default)
    {
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled<LookupResult>(cancellation);
        if (FindNear(key, options, isGiven: true) is { } hit)
            return new(hit);
        try
        {
            return BookKey.IsKept(key)
                ? GetKeptAsync(key, options, cancellation)
                : GetSpelledAsync(BookKey.Spellings(key), options, cancellation);
        }
        catch (InvalidKeyException error)
        {
            return ValueTask.FromException<LookupResult>(error);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LookupResult>> GetManyAsync(
        IReadOnlyList<string> keys, GetOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        cancellation.ThrowIfCancellationRequested();
        string[] kept = [.. keys.Select(BookKey.Of)];
        var results = await GetManyKeptAsync(kept, options, cancellation).ConfigureAwait(false);
        for (var turn = 1; ; turn++)
        {
            var others = Enumerable.Range(0, kept.Length).Where(i => !results[i].Found)
                .Select(i => (Place: i, Key: BookKey.Spellings(keys[i]).ElementAtOrDefault(turn))).Where(other => other.Key is not null)
                .ToArray();
            if (others.Length == 0)
                return results;
            var found = await GetManyKeptAsync([.. others.Select(other => other.Key!)], options, cancellation).ConfigureAwait(false);
            for (var i = 0; i < others.Length; i++)
            {
                if (found[i].Found)
                    results[others[i].Place] = found[i];
            }
        }
    }

    /// <inheritdoc/>
    public async Task<EditReceipt> PutAsync(string key, Book book, EditOptions? options = null, CancellationToken cancellation = default)
    {
        var kept = BookKey.Of(key);
        ArgumentNullException.ThrowIfNull(book);
        var (payload, asked) = (BookPayload.Encode(book), options ?? EditOptions.Default);
        if (kept == key)
            return await EditAsync(CacheKey.Parse(key), payload, asked, cancellation).ConfigureAwait(false);
        asked.Validate(isRemoval: false);
        var current = await GetSpelledAsync([kept, key], FreshRead, cancellation).ConfigureAwait(false);
        return await EditAsync(CacheKey.Parse(current.Key), payload, asked, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<EditReceipt> RemoveAsync(string key, EditOptions? options = null, CancellationToken cancellation = default)
    {
        var kept = BookKey.Of(key);
        var asked = options ?? EditOptions.Default;
        if (kept == key)
            return await EditAsync(CacheKey.Parse(key), null, asked, cancellation).ConfigureAwait(false);
        asked.Validate(isRemoval: true);
        var current = await GetSpelledAsync([kept, key], FreshRead, cancellation).ConfigureAwait(false);
        var receipt = await EditAsync(CacheKey.Parse(current.Key), null, asked, cancellation).ConfigureAwait(false);
        // A book that stands under the given spelling too would come to light now.
        if (current.Key == kept && (await GetKeptAsync(key, FreshRead, cancellation).ConfigureAwait(false)).Found)
            await EditAsync(CacheKey.Parse(key), null, EditOptions.Default, cancellation).ConfigureAwait(false);
        return receipt;
    }

    public ValueTask DisposeAsync() => _coalescer?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Looks up what stands under the first of these spellings under which anything does; nothing under the first one.</summary>
    private async ValueTask<LookupResult> GetSpelledAsync(
        IReadOnlyList<string> spellings, GetOptions? options, CancellationToken cancellation)
    {
        var first = await GetKeptAsync(spellings[0], options, cancellation).ConfigureAwait(false);
        if (first.Found)
            return first;
        foreach (var other in spellings.Skip(1))
        {
            var result = await GetKeptAsync(other, options, cancellation).ConfigureAwait(false);
            if (result.Found)
                return result;
        }

        return first;
    }

    private ValueTask<LookupResult> GetKeptAsync(string key, GetOptions? options, CancellationToken cancellation)
    {
        if (FindNear(key, options) is { } hit)
            return new(hit);
        var parsed = CacheKey.Parse(key);
        var asked = options ?? GetOptions.Default;
        // In an overload most lookups end here: one exception object, and nothing is thrown.
        if (RefusalOf(parsed, asked) is not { } refusal)
            return ReadAsync(parsed, asked, cancellation);
        _metrics.Refused();
        return ValueTask.FromException<LookupResult>(new LookupRefusedException(refusal));
    }

    private async Task<LookupResult[]> GetManyKeptAsync(string[] keys, GetOptions? options, CancellationToken cancellation)
    {
        var asked = options ?? GetOptions.Default;
        var results = new LookupResult?[keys.Length];
        HashSet<CacheKey>? missing = null;
        for (var i = 0; i < results.Length; i++)
        {
            if ((results[i] = FindNear(keys[i], options)) is null)
                (missing ??= []).Add(CacheKey.Parse(keys[i]));
        }

        if (missing is null)
            return results!;
        await ConnectedAsync(cancellation).ConfigureAwait(false);
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

    /// <param name="key">The key.</param>
    /// <param name="options">What the caller wants.</param>
    /// <param name="isGiven">Whether it is as somebody gave it, and not surely in the kept spelling.</param>
    private LookupResult? FindNear(string key, GetOptions? options, bool isGiven = false)
    {
        // An unknown region is an error, whether or not there is an entry.
        if (options is not null && (options.Fresh || (options.Region is { } region && !_regions.Contains(region))))
            return null;
        var atLeast = options?.AtLeast ?? 0;
        return isGiven ? _session.FindKept(key, atLeast) : _session.Find(key, atLeast);
    }

    /// <summary>Why a lookup is refused at once; null when it is not.</summary>
    private string? RefusalOf(CacheKey key, GetOptions options)
    {
        if (!_connection.IsMade && _connection.Waiting >= _options.MaxLookupsWaiting)
        {
            return $"The lookup of \"{key}\" was refused: no gateway has answered yet, and {_options.MaxLookupsWaiting:N0} lookups wait "
                + "for that already (MaxLookupsWaiting). Look it up again later.";
        }

        // A lookup that is in flight may be joined in any case.
        return _admission.Refusal(key.Text) is { } refusal && _coalescer?.IsInFlight(key, options) is not true ? refusal : null;
    }

    private async ValueTask<LookupResult> ReadAsync(CacheKey key, GetOptions options, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var asked = _time.GetTimestamp();
        var connecting = TimeSpan.Zero;
        if (!_connection.IsMade)
        {
            await ConnectedAsync(cancellation).ConfigureAwait(false);
            connecting = _time.GetElapsedTime(asked);
        }

        var deadline = new LookupDeadline(_time, asked, connecting, _options.Deadline);
        // A fresh read must begin after it was asked for, so it shares none that is in flight.
        var reading = _coalescer is null || options.Fresh
            ? await _reader.ReadAsync(key, options, deadline, cancellation).ConfigureAwait(false)
            : await _coalescer.GetAsync(key, options, deadline, cancellation).ConfigureAwait(false);
        if (reading.Result is { } result)
            return result;
        _metrics.Refused();
        throw new LookupRefusedException(reading.Refusal!);
    }

    private async ValueTask ConnectedAsync(CancellationToken cancellation)
    {
        try
        {
            await _connection.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (RegionUnavailableException error)
        {
            throw new LookupFailedException(error.Message, error);
        }
    }

    private async Task<EditReceipt> EditAsync(CacheKey key, byte[]? payload, EditOptions options, CancellationToken cancellation)
    {
        options.Validate(isRemoval: payload is null);
        var began = _time.GetTimestamp();
        var edit = new Edit(options.Id ?? Guid.NewGuid(), key.Text, payload, options.Expected, options.ExpectedTag);
        var result = await MakeAsync(key, edit, cancellation).ConfigureAwait(false);
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

    private async Task<EditResult> MakeAsync(CacheKey key, Edit edit, CancellationToken cancellation)
    {
        using var activity = Tracing.Source.StartActivity("edit");
        var began = _time.GetTimestamp();
        var end = "failed";
        try
        {
            var result = (await _editor.EditAsync(key.SlotOf(_options.Slots), [edit], cancellation).ConfigureAwait(false))[0];
            end = TelemetryNames.Of(result.Outcome);
            return result;
        }
        catch (Exception error)
        {
            end = error is OutcomeUnknownException ? "unknown" : end;
            activity.Fail(error.Message);
            throw;
        }
        finally
        {
            _metrics.Edited(end, _time.GetElapsedTime(began));
            activity?.SetTag(TelemetryNames.Result, end);
        }
    }
}

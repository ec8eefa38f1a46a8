using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansCache.Catalogs;
using OrleansCache.Configuration;
using OrleansCache.Diagnostics;
using OrleansCache.Entries;
using OrleansCache.Leases;

namespace OrleansCache.Owners;

/// <summary>
/// Reads for all owners of a silo what has changed in the catalog, whoever wrote it: one query per period, whatever they have granted. The
/// same query checks their epochs. An owner joins with a new epoch, which is raised together with those of others that join at the time.
/// </summary>
internal sealed partial class ChangeFeed(
    ICatalog catalog, LeaseTimes times, IOptions<CacheOptions> options, SiloCounters counters, Clock clock, ILogger<ChangeFeed> logger)
    : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, IFeedReader> _readers = [];
    private readonly List<Joiner> _joining = [];
    private readonly SemaphoreSlim _wanted = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly int _slots = options.Value.Slots;
    private Task? _running;
    private FeedPosition? _position;
    private long _readAt;
    private long _toldAt = long.MinValue;
    private bool _isSuspended;

    /// <summary>Raises the epoch of a slot and reads the feed for its owner from here on.</summary>
    /// <exception cref="CatalogUnavailableException">The catalog cannot be read or written.</exception>
    /// <exception cref="OutcomeUnknownException">It is not known whether the epoch was raised; join again.</exception>
    public Task<SlotTerm> JoinAsync(IFeedReader reader)
    {
        var joiner = new Joiner(reader);
        Leave(reader);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
            _readers.Remove(reader.Slot);
            _joining.Add(joiner);
            _running ??= Task.Run(RunAsync);
        }

        _wanted.Release();
        return joiner.Task;
    }

    /// <summary>Reads no longer for an owner; if it is about to join, it learns that it does not.</summary>
    public void Leave(IFeedReader reader)
    {
        Joiner[] left;
        lock (_gate)
        {
            left = [.. _joining.Where(other => other.Reader == reader)];
            _joining.RemoveAll(left.Contains);
            if (_readers.GetValueOrDefault(reader.Slot) == reader)
                _readers.Remove(reader.Slot);
        }

        foreach (var joiner in left)
            joiner.TrySetException(new StaleEpochException($"The owner of slot {reader.Slot} on this silo has ended; ask its successor."));
    }

    /// <summary>Raises a slot's epoch once more: what its owner has sent to the catalog before is not committed any more.</summary>
    /// <exception cref="CatalogUnavailableException">The catalog cannot be written.</exception>
    /// <exception cref="OutcomeUnknownException">It is not known whether the epoch was raised; raise it again.</exception>
    public async Task<long> RaiseAsync(int slot)
    {
        using var limit = new CancellationTokenSource(OwnerTimeouts.FeedQuery, clock.TimeProvider);
        return (await catalog.RaiseEpochsAsync([slot], limit.Token))[0];
    }

    /// <summary>
    /// The machine was suspended: for how long is not known, and the clock of all leases stood still. All owners here begin anew.
    /// </summary>
    public void NoteSuspended()
    {
        lock (_gate)
            _isSuspended = true;
        _wanted.Release();
    }

    public async ValueTask DisposeAsync()
    {
        Task? running;
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested)
                return;
            _stopping.Cancel();
            running = _running;
        }

        if (running is not null)
            await running;
        _stopping.Dispose();
        _wanted.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await WaitAsync();
                await ReadAsync();
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception error)
            {
                Tell(error);
            }
        }

        Joiner[] left;
        lock (_gate)
            left = [.. _joining];
        foreach (var joiner in left)
            joiner.TrySetException(new CatalogUnavailableException("The silo is stopping; ask another one."));
    }

    /// <summary>Waits for the next period, or until an owner joins, which is gathered with others that join at the same time.</summary>
    private async Task WaitAsync()
    {
        bool isIdle;
        lock (_gate)
            isIdle = _readers.Count == 0;
        if (isIdle)
            await _wanted.WaitAsync(_stopping.Token);
        else if (!await IsWantedAsync())
            return;
        await Task.Delay(OwnerTimeouts.JoinGathering, _stopping.Token);
        while (_wanted.Wait(0))
        {
            // All of them are served by the same read.
        }
    }

    private async Task<bool> IsWantedAsync()
    {
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var joins = _wanted.WaitAsync(woken.Token);
        await Task.WhenAny(joins, Task.Delay(times.Period, clock.TimeProvider, woken.Token));
        await woken.CancelAsync();
        await ((Task)joins).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Token.ThrowIfCancellationRequested();
        return joins.IsCompletedSuccessfully;
    }

    private async Task ReadAsync()
    {
        Joiner[] joining;
        IFeedReader[] readers;
        lock (_gate)
        {
            joining = [.. _joining];
            readers = [.. _readers.Values];
            if (_isSuspended)
                (_position, _isSuspended) = (null, false);
        }

        try
        {
            await ReadAsync(joining, readers);
        }
        catch (Exception error)
        {
            lock (_gate)
                _joining.RemoveAll(joining.Contains);
            var unavailable = error as CacheException
                ?? new CatalogUnavailableException($"The catalog could not be asked for its changes: {error.Message}", error);
            foreach (var joiner in joining)
                joiner.TrySetException(unavailable);
            throw;
        }
    }

    private async Task ReadAsync(Joiner[] joining, IFeedReader[] readers)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        limit.CancelAfter(OwnerTimeouts.FeedQuery);
        long[] raised = joining.Length == 0
            ? []
            : await catalog.RaiseEpochsAsync([.. joining.Select(joiner => joiner.Reader.Slot)], limit.Token);
        var startedAt = clock.Now;
        // All volume leases have ended when a lease has passed; then the catalog may have been restored from a backup in the meantime.
        if (_position is not null && startedAt - _readAt >= times.Length)
            _position = null;
        int[] slots = [.. readers.Select(reader => reader.Slot)];
        counters.CountCatalogQuery(rows: 0);
        var changes = await catalog.ReadChangesAsync(_position, slots, OwnerTimeouts.MostChanges, limit.Token);
        // If an owner does not come to it in time, the next read finds the same changes again.
        await Task.WhenAll(Distribute(readers, changes, startedAt)).WaitAsync(limit.Token);
        (_position, _readAt) = (changes.Position, startedAt);
        lock (_gate)
        {
            foreach (var joiner in joining.Where(_joining.Remove))
                _readers[joiner.Reader.Slot] = joiner.Reader;
        }

        // What has changed before this read is of no interest to them: whatever they grant is read after it.
        for (var i = 0; i < joining.Length; i++)
            joining[i].TrySetResult(new(raised[i], startedAt, startedAt));
    }

    private IEnumerable<Task> Distribute(IFeedReader[] readers, CatalogChanges changes, long startedAt)
    {
        var bySlot = changes.IsComplete && changes.Rows.Count > 0
            ? changes.Rows.ToLookup(row => KeyHash.SlotOf(KeyHash.Of(row.Key), _slots))
            : null;
        for (var i = 0; i < readers.Length; i++)
        {
            IReadOnlyList<ChangedRow>? rows =
                !changes.IsComplete ? null : bySlot is null ? [] : [.. bySlot[readers[i].Slot]];
            yield return readers[i].WorkOffAsync(startedAt, rows, changes.Epochs[i]);
        }
    }

    private void Tell(Exception error)
    {
        if (_toldAt > long.MinValue && clock.Now - _toldAt < OwnerTimeouts.BetweenFeedWarnings)
            return;
        _toldAt = clock.Now;
        LogNotRead(error.Message);
    }

    [LoggerMessage(
        EventId = 1220, Level = LogLevel.Warning,
        Message = "The changes of the catalog cannot be read, so leases are not renewed and answers are flagged when they end: {Reason}")]
    private partial void LogNotRead(string reason);

    private sealed class Joiner(IFeedReader reader) : TaskCompletionSource<SlotTerm>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public IFeedReader Reader => reader;
    }
}

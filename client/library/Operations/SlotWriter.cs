using System.Runtime.ExceptionServices;

namespace OrleansCache.Client;

/// <summary>
/// Sorts books by slot and stores each slot's in batches: several slots at a time, but one batch of a slot after the other,
/// so that of two books of one key the later one stays. Holds a bounded number of bytes. For one caller.
/// </summary>
internal sealed class SlotWriter : IAsyncDisposable
{
    private const int BatchBooks = 256;
    private const int BatchBytes = 512 * 1024;
    private const int BatchesInFlight = 8;

    private readonly Slot[] _slots;
    private readonly Func<int, BookWrite[], CancellationToken, Task<StoreOutcome[]>> _store;
    private readonly IProgress<StoreTotals>? _progress;
    private readonly CancellationTokenSource _stopping;
    private readonly SemaphoreSlim _places = new(BatchesInFlight);
    private readonly Lock _lock = new();
    private StoreTotals _totals;
    private ExceptionDispatchInfo? _failure;

    public SlotWriter(
        int slots,
        Func<int, BookWrite[], CancellationToken, Task<StoreOutcome[]>> store,
        IProgress<StoreTotals>? progress,
        CancellationToken cancellation)
    {
        _slots = [.. Enumerable.Range(0, slots).Select(_ => new Slot())];
        _store = store;
        _progress = progress;
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
    }

    public async ValueTask AddAsync(BookWrite book)
    {
        var number = BookKey.SlotOf(book.Key, _slots.Length);
        var slot = _slots[number];
        slot.Waiting.Add(book);
        slot.Bytes += book.Payload.Length;
        if (slot.Waiting.Count >= BatchBooks || slot.Bytes >= BatchBytes)
            await SendAsync(number).ConfigureAwait(false);
    }

    /// <summary>Stores what is still waiting.</summary>
    /// <returns>What became of all books.</returns>
    public async Task<StoreTotals> FinishAsync()
    {
        for (var number = 0; number < _slots.Length; number++)
        {
            if (_slots[number].Waiting.Count > 0)
                await SendAsync(number).ConfigureAwait(false);
        }

        var sending = Task.WhenAll(_slots.Select(slot => slot.Sending));
        await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // The first failure stops the other batches; theirs are only echoes of it.
        _failure?.Throw();
        await sending.ConfigureAwait(false);
        return _totals;
    }

    /// <summary>Stops what is under way and waits until it has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_slots.Select(slot => slot.Sending)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
        _places.Dispose();
    }

    private async Task SendAsync(int number)
    {
        var slot = _slots[number];
        await slot.Sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _failure?.Throw();
        try
        {
            await _places.WaitAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_failure is not null)
        {
            _failure.Throw();
        }

        var batch = slot.Waiting.ToArray();
        (slot.Waiting, slot.Bytes) = ([], 0);
        slot.Sending = StoreAsync(number, batch);
    }

    private async Task StoreAsync(int number, BookWrite[] batch)
    {
        try
        {
            var outcomes = await _store(number, batch, _stopping.Token).ConfigureAwait(false);
            lock (_lock)
            {
                _totals = _totals.With(outcomes);
                _progress?.Report(_totals);
            }
        }
        catch (Exception error)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(error), null);
            await _stopping.CancelAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            _places.Release();
        }
    }

    private sealed class Slot
    {
        public List<BookWrite> Waiting { get; set; } = [];

        public int Bytes { get; set; }

        public Task Sending { get; set; } = Task.CompletedTask;
    }
}

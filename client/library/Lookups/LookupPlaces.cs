namespace OrleansCache.Client;

/// <summary>
/// How many lookups a client has under way. Sent all at once, a crowd would make every call slower than its budget, be asked again
/// elsewhere and make those slower too, until nobody is answered. So:
/// 1. only so many lookups are on their way at a time; the next ones wait here, where they cost nothing, in the order in which they came;
/// 2. one that would wait so long that no attempt would fit before its deadline any more is refused;
/// 3. when too many wait, a further one is refused at once.
/// </summary>
internal sealed class LookupPlaces(BookCacheOptions settings, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _free = new(settings.MaxLookupsInFlight);
    private int _waiting;

    /// <summary>Takes a place, which is to be given back with <see cref="Leave"/>.</summary>
    /// <exception cref="LookupRefusedException">There is none in time.</exception>
    public async ValueTask EnterAsync(string key, CancellationToken cancellation)
    {
        if (_free.Wait(0, CancellationToken.None))
            return;
        try
        {
            if (Interlocked.Increment(ref _waiting) > settings.MaxLookupsWaiting)
                throw Refused(key, $"{settings.MaxLookupsWaiting:N0} more wait for their turn (MaxLookupsWaiting)");
            await WaitAsync(key, cancellation).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    public void Leave() => _free.Release();

    public void Dispose() => _free.Dispose();

    private async Task WaitAsync(string key, CancellationToken cancellation)
    {
        var patience = settings.Deadline - settings.AttemptBudget;
        var began = time.GetTimestamp();
        using var due = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(due.Token, cancellation);
        try
        {
            await _free.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Late();
        }

        // On a starved machine the word that a place is free may come late itself.
        if (time.GetElapsedTime(began) > patience)
        {
            _free.Release();
            throw Late();
        }

        LookupRefusedException Late() => Refused(key, $"it had no turn within {patience.TotalMilliseconds:N0} ms");
    }

    private LookupRefusedException Refused(string key, string why) =>
        new($"The lookup of \"{key}\" was refused: {settings.MaxLookupsInFlight:N0} lookups of this client are under way (MaxLookupsInFlight), and {why}. Ask again later, or ask less at once.");
}

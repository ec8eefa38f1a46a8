using System.Runtime.ExceptionServices;

namespace OrleansCache.Client;

/// <summary>
/// One lookup, from its first attempt to its answer; a hedged request (J. Dean and L. Barroso, "The Tail at Scale", 2013):
/// 1. The places of the plan are asked in their order, those of silent and lost regions last (<see cref="RegionState"/>).
/// 2. When an attempt has failed, nothing is being worked on, and the next place is asked at once.
/// 3. When the newest attempt is silent for longer than an answer from there can take (<see cref="RegionDistance.Patience"/>), the next
///    place is asked beside it if the retry budget allows (<see cref="RetryBudget"/>); else the lookup goes on waiting.
/// 4. The first answer wins, however late it is.
/// 5. When all places were asked, they are asked again: at once where one is silent, since its request may have been lost with a silo, and
///    after a pause where all have failed, since a cluster whose silos come and go changes soon. Who refused is not asked again.
/// 6. A silo that sheds the lookup ends it: another one would only get the load instead.
/// 7. An error that says that the lookup itself is invalid ends it at once.
/// </summary>
internal sealed class Lookup(
    AttemptPlan plan,
    LookupOptions options,
    LookupDeadline deadline,
    IBookGrains grains,
    RegionStates regions,
    RetryBudget retries,
    ClientMetrics metrics,
    TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();
    private readonly List<Attempt> _open = new(1);
    private IReadOnlyList<BookGrainKey> _order = [];
    private int _asked;
    private bool _wasAsked;

    // The age of the newest attempt at which the next place is asked beside it.
    private TimeSpan _hedgeAt;
    private bool _isFirstRound = true;
    private List<FailedAttempt>? _failed;
    private List<BookGrainKey>? _refused;
    private FailedAttempt? _shed;

    /// <summary>
    /// The attempts that gave no answer, with those that were silent and may still be answered; complete when the lookup has ended.
    /// </summary>
    public IReadOnlyList<FailedAttempt> FailedAttempts { get; private set; } = [];

    /// <summary>Runs the lookup.</summary>
    /// <returns>The answer; null when a silo has shed the lookup.</returns>
    /// <exception cref="LookupFailedException">No place has answered before the deadline.</exception>
    public async ValueTask<LookupAnswer?> RunAsync(CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            var answer = await AskAsync(over.Token).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            if (answer is null && _shed is null)
                throw Failure();
            if (_failed is not null || _open.Count > 0)
                FailedAttempts = [.. _failed ?? [], .. _open.Where(attempt => attempt.IsOvertaken).Select(attempt => attempt.SoFar())];
            return answer;
        }
        finally
        {
            if (_open.Count > 0)
            {
                await over.CancelAsync().ConfigureAwait(false);
                foreach (var attempt in _open)
                    await attempt.Outcome.ConfigureAwait(false);
            }
        }
    }

    private async ValueTask<LookupAnswer?> AskAsync(CancellationToken cancellation)
    {
        _order = regions.InOrder(plan.Places, static place => place.Region);
        while (deadline.Remaining is { Ticks: > 0 } remaining && !cancellation.IsCancellationRequested)
        {
            if (_open.Count == 0)
            {
                if (_shed is not null || !await IsPlaceLeftAsync(remaining, cancellation).ConfigureAwait(false))
                    return null;
                AskNext(cancellation);
            }

            var newest = _open[^1];
            await AnyEndsAsync(Shorter(_hedgeAt - newest.Age, remaining), cancellation).ConfigureAwait(false);
            if (TakeAnswer() is { } answer)
                return answer;
            if (_open.Count == 0)
                continue;
            if (!_open.Contains(newest))
                AskAfterFailure(cancellation);
            else
                HedgeIfSilent(newest, cancellation);
        }

        return null;
    }

    private void AskNext(CancellationToken cancellation)
    {
        var place = _order[_asked++];
        if (_wasAsked)
            metrics.Hedged();
        _wasAsked = true;
        _open.Add(Attempt.Start(grains, place, options, regions.Of(place.Region), time, cancellation));
        _hedgeAt = HedgeDelay();
    }

    /// <summary>Asks the next place because the newest attempt has failed, while others that were silent before are still open.</summary>
    private void AskAfterFailure(CancellationToken cancellation)
    {
        if (_shed is null && _asked < _order.Count && !IsOpen(_order[_asked]))
            AskNext(cancellation);
        else
            _hedgeAt = _open[^1].Age + HedgeDelay();
    }

    private void HedgeIfSilent(Attempt newest, CancellationToken cancellation)
    {
        newest.NoteSilenceAfter(newest.Region.Distance.Patience);
        // The delay is asked for again, because this process itself may have been late meanwhile.
        if (newest.Age >= _hedgeAt)
            _hedgeAt = Longer(_hedgeAt, HedgeDelay());
        if (newest.Age < _hedgeAt)
            return;
        if (_shed is not null || (_asked == _order.Count && !TryStartRound()) || !retries.TryTake())
        {
            _hedgeAt = newest.Age + newest.Region.Distance.Patience;
            return;
        }

        foreach (var attempt in _open)
            attempt.IsOvertaken = true;
        AskNext(cancellation);
    }

    /// <summary>Makes sure that there is a place to ask after all attempts have failed; false when there will be none.</summary>
    private async ValueTask<bool> IsPlaceLeftAsync(TimeSpan remaining, CancellationToken cancellation)
    {
        if (_asked < _order.Count)
            return true;
        if (_refused is not null && plan.Places.All(_refused.Contains))
            return false;
        // Where everything fails at once, repeating the requests at once would only add load.
        await Task.Delay(Shorter(RegionState.TrialPause, remaining), time, cancellation)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return deadline.Remaining > TimeSpan.Zero && !cancellation.IsCancellationRequested && TryStartRound();
    }

    /// <summary>Orders the places for another round, silent ones last; false when all have refused.</summary>
    private bool TryStartRound()
    {
        BookGrainKey[] places = [.. plan.Places.Where(place => _refused?.Contains(place) is not true)];
        _order = [.. regions.InOrder(places, static place => place.Region).OrderBy(IsOpen)];
        (_asked, _isFirstRound) = (0, false);
        return places.Length > 0;
    }

    private bool IsOpen(BookGrainKey place) => _open.Exists(attempt => attempt.Place == place);

    /// <summary>
    /// The hedge delay of the newest attempt. A region that is believed to be silent, and is asked because no other is believed to be
    /// better, is not waited for; but only in the first round, or rounds would follow each other in a hurry.
    /// </summary>
    private TimeSpan HedgeDelay()
    {
        var region = _open[^1].Region;
        return _isFirstRound && region.Status is RegionStatus.Suspect && _asked < _order.Count
            ? region.Distance.ShortPatience
            : region.Distance.Patience;
    }

    private async ValueTask AnyEndsAsync(TimeSpan wait, CancellationToken cancellation)
    {
        if (wait <= TimeSpan.Zero || _open.Exists(attempt => attempt.Outcome.IsCompleted))
            return;
        Task any = _open.Count == 1 ? _open[0].Outcome : Task.WhenAny(_open.Select(attempt => attempt.Outcome));
        // In whole milliseconds, as timers are, and not less than the wait.
        wait = TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));
        await any.WaitAsync(wait, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Takes the attempts that have ended, the earliest first, up to an answer.</summary>
    private LookupAnswer? TakeAnswer()
    {
        while (_open.Find(attempt => attempt.Outcome.IsCompleted) is { } ended)
        {
            _open.Remove(ended);
            var outcome = ended.Outcome.Result;
            switch (outcome.End)
            {
                case AttemptEnd.Answered:
                    return outcome.Answer;
                case AttemptEnd.Invalid:
                    ExceptionDispatchInfo.Throw(outcome.Error!);
                    break;
                case AttemptEnd.Shed:
                    _shed = outcome.Failed;
                    break;
                case AttemptEnd.Refused:
                    (_refused ??= []).Add(ended.Place);
                    break;
            }

            (_failed ??= []).Add(outcome.Failed!);
        }

        return null;
    }

    private LookupFailedException Failure()
    {
        foreach (var attempt in _open)
            (_failed ??= []).Add(attempt.SoFar());
        var attempts = string.Join("; ", (_failed ?? []).Select(attempt => attempt.ToString()).Distinct());
        var elapsed = time.GetElapsedTime(_started).TotalMilliseconds;
        return new($"The lookup of \"{plan.Key}\" failed after {elapsed:N0} ms; nobody answered: {attempts}.");
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}

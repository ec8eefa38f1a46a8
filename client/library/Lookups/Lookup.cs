using System.Collections.Immutable;
using System.Runtime.ExceptionServices;

namespace OrleansCache.Client;

/// <summary>
/// One lookup, from its first attempt to its answer; a hedged request (J. Dean and L. Barroso, "The Tail at Scale", 2013):
/// 1. In turn: the plan's next place is asked when the attempt before it has failed or used up its budget, or, where that one's region is
///    suspect (<see cref="RegionHealth"/>), after a short hedge delay. Attempts that timed out stay open until the deadline, and the first
///    answer wins.
/// 2. In parallel: when the plan is exhausted, two budgets have passed or all regions are suspect, every region is asked for an answer
///    without its grain directory, because book grains may be out of reach while silos of the region are not. Book grains that were not
///    asked before are left alone: in an overloaded cluster each new activation adds to the load.
/// 3. After each further budget, until the deadline, the places that could not be reached are asked again, because a cluster whose silos
///    come and go changes soon; and so are those that have been silent for long, because their request may have been lost with a silo.
///    Where many lookups reach nobody, each asks less often (<see cref="RegionCircuit"/>).
/// 4. An error that says that the lookup itself is invalid ends it at once; any other one leads to the next attempt.
/// </summary>
internal sealed class Lookup(
    AttemptPlan plan,
    LookupOptions options,
    LookupDeadline deadline,
    CacheClientOptions clientOptions,
    IBookGrains grains,
    RegionHealthMap healthMap,
    TimeProvider time)
{
    // A place that has not answered for so many budgets is asked once more.
    private const int BudgetsUntilLost = 3;

    private readonly long _started = time.GetTimestamp();
    private readonly List<Attempt> _running = new(1);
    private ImmutableArray<BookGrainKey> _order;
    private int _asked;
    private List<FailedAttempt>? _failed;
    private bool _wasRefused;
    private bool _wasSkipped;

    /// <summary>
    /// The attempts that gave no answer, with those that timed out and may still be answered; complete when the lookup has ended.
    /// </summary>
    public IReadOnlyList<FailedAttempt> FailedAttempts { get; private set; } = [];

    private TimeSpan Elapsed => time.GetElapsedTime(_started);

    /// <summary>Runs the lookup.</summary>
    /// <exception cref="LookupFailedException">No place has answered before the deadline.</exception>
    public async ValueTask<LookupAnswer> RunAsync(CancellationToken cancellation)
    {
        try
        {
            var answer = await AskInTurnAsync(cancellation).ConfigureAwait(false)
                ?? await AskInParallelAsync(cancellation).ConfigureAwait(false);
            if (answer is null)
            {
                var attempts = string.Join("; ", (_failed ?? []).Select(attempt => attempt.ToString()).Distinct());
                throw new LookupFailedException(
                    $"The lookup of \"{plan.Key}\" failed after {Elapsed.TotalMilliseconds:N0} ms; nobody answered: {attempts}.");
            }

            if (_failed is not null || _running.Count > 0)
                FailedAttempts = [.. _failed ?? [], .. _running.Where(attempt => attempt.IsOvertaken).Select(attempt => attempt.SoFar())];
            return answer;
        }
        finally
        {
            foreach (var attempt in _running)
            {
                attempt.Leave();
                healthMap.TakeOver(attempt.Outcome);
            }
        }
    }

    private async ValueTask<LookupAnswer?> AskInTurnAsync(CancellationToken cancellation)
    {
        var areAllHealthy = healthMap.AreAllHealthy;
        _order = areAllHealthy ? plan.Places : [.. plan.Places.OrderBy(grain => healthMap.Of(grain.Region).ShouldDeprioritize)];
        while (_asked < _order.Length && deadline.Remaining > TimeSpan.Zero && Elapsed < 2 * clientOptions.AttemptBudget)
        {
            var grain = _order[_asked++];
            var health = healthMap.Of(grain.Region);
            var areAllSuspect = !areAllHealthy && plan.Regions.All(region => healthMap.Of(region).IsSuspect);
            var attempt = Start(grain, cancellation);
            var hedges = areAllSuspect || (health.IsSuspect && _asked < _order.Length);
            var hedgeDelay = hedges ? health.HedgeDelay : Timeout.InfiniteTimeSpan;
            if (await AwaitAsync(attempt, hedgeDelay, cancellation).ConfigureAwait(false) is { } answer)
                return answer;
            if (areAllSuspect)
                return null;
        }

        return null;
    }

    private async ValueTask<LookupAnswer?> AskInParallelAsync(CancellationToken cancellation)
    {
        var budget = clientOptions.AttemptBudget;
        var wait = _running.Count > 0 ? TimeSpan.Zero : budget - Elapsed;
        _wasRefused = false;
        while (true)
        {
            // Where everything fails at once, repeating the requests at once would only add load.
            if (wait > TimeSpan.Zero && wait < deadline.Remaining)
                await Task.Delay(wait, time, cancellation).ConfigureAwait(false);
            var began = Elapsed;
            _wasSkipped = false;
            var answer = await AskAllAsync(cancellation).ConfigureAwait(false)
                ?? await AwaitAllAsync(budget - (Elapsed - began), cancellation).ConfigureAwait(false);
            if (answer is not null)
                return answer;
            wait = budget - (Elapsed - began);
            // There is no time for another round, and no attempt is open: wait for the next trial request of an open circuit.
            if (_wasSkipped && _running.Count == 0 && wait >= deadline.Remaining)
                wait = RegionCircuit.PauseFor(budget);
            if (_wasRefused || wait >= deadline.Remaining)
                return await AwaitAllAsync(Timeout.InfiniteTimeSpan, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Asks every region, each a moment after the one before, except where an attempt is open that is not long overdue.</summary>
    private async ValueTask<LookupAnswer?> AskAllAsync(CancellationToken cancellation)
    {
        foreach (var region in plan.Regions)
        {
            if (deadline.Remaining <= TimeSpan.Zero)
                break;
            // An answer that bypasses the grains may be flagged, so only a grain can help a caller who refuses flags.
            var places = (options.RequireCoherent ? plan.Places : _order.Take(_asked))
                .Where(grain => grain.Region == region)
                .Append(new(region, AttemptPlan.DirectoryBypass, plan.Key));
            foreach (var place in places.Where(place => !IsOpen(place)).ToArray())
                Start(place, cancellation);

            if (_running.Count > 0
                && await AwaitAsync(_running[^1], LookupTimeouts.HedgeStagger, cancellation).ConfigureAwait(false) is { } answer)
                return answer;
        }

        return null;
    }

    private bool IsOpen(BookGrainKey place) =>
        _running.Exists(attempt => attempt.Grain == place && attempt.Age < BudgetsUntilLost * healthMap.Of(place.Region).Budget);

    private Attempt Start(BookGrainKey grain, CancellationToken cancellation)
    {
        var (remaining, health) = (deadline.Remaining, healthMap.Of(grain.Region));
        var attempt = Attempt.Start(grains, grain, options, BudgetOf(health, remaining), remaining, health, time, cancellation);
        _running.Add(attempt);
        return attempt;
    }

    private TimeSpan BudgetOf(RegionHealth health, TimeSpan remaining)
    {
        // The larger budget of a slow region must leave enough time to ask another one.
        var budget = health.Budget;
        if (budget + clientOptions.AttemptBudget > remaining)
            budget = clientOptions.AttemptBudget;
        return budget < remaining ? budget : remaining;
    }

    private async ValueTask<LookupAnswer?> AwaitAllAsync(TimeSpan limit, CancellationToken cancellation)
    {
        var began = Elapsed;
        while (_running.Count > 0)
        {
            var rest = limit == Timeout.InfiniteTimeSpan ? limit : limit - (Elapsed - began);
            if (rest <= TimeSpan.Zero && rest != Timeout.InfiniteTimeSpan)
                break;
            if (await AwaitAsync(_running[^1], rest, cancellation).ConfigureAwait(false) is { } answer)
                return answer;
        }

        return null;
    }

    /// <summary>Waits for an answer of any open attempt, until the newest attempt fails or times out, or the hedge delay elapses.</summary>
    private async ValueTask<LookupAnswer?> AwaitAsync(Attempt newest, TimeSpan hedgeDelay, CancellationToken cancellation)
    {
        using var over = hedgeDelay == Timeout.InfiniteTimeSpan ? null : CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var pause = over is null ? null : Task.Delay(hedgeDelay, time, over.Token);
        try
        {
            while (_running.Contains(newest))
            {
                if (_running.Count > 1 || pause is not null)
                {
                    var outcomes = _running.Select(attempt => (Task)attempt.Outcome);
                    var any = await Task.WhenAny(pause is null ? outcomes : outcomes.Append(pause)).ConfigureAwait(false);
                    if (any == pause)
                    {
                        cancellation.ThrowIfCancellationRequested();
                        foreach (var attempt in _running)
                            attempt.IsOvertaken = true;
                        return null;
                    }
                }

                // Of several that have ended, the earliest in the plan.
                var ended = _running.Find(attempt => attempt.Outcome.IsCompleted) ?? newest;
                var outcome = await ended.Outcome.ConfigureAwait(false);
                if (outcome.Late is { } late)
                {
                    ended.Listen(late);
                    if (ended == newest)
                        return null;
                    continue;
                }

                _running.Remove(ended);
                if (outcome.Error is { } error)
                {
                    cancellation.ThrowIfCancellationRequested();
                    ExceptionDispatchInfo.Throw(error);
                }

                if (outcome.Answer is { } answer)
                    return answer;
                _wasRefused |= outcome.IsRefusal;
                _wasSkipped |= outcome.IsSkipped;
                (_failed ??= []).Add(outcome.Failed!);
            }

            return null;
        }
        finally
        {
            if (over is not null)
                await over.CancelAsync().ConfigureAwait(false);
        }
    }
}

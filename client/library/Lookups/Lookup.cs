using System.Collections.Immutable;
using System.Runtime.ExceptionServices;

namespace OrleansCache.Client;

/// <summary>
/// One lookup on its way through its plan:
/// 1. the next attempt of the plan begins when the one before has failed or its budget has passed, or when its region is in doubt and
///    has had a short while (<see cref="RegionHealth"/>); those that were silent are listened to until the deadline, and the first answer counts;
/// 2. when the plan is through, two budgets have passed in silence, or every region is in doubt, all regions are asked beside each
///    other for ways around the grains, since those may be out of reach while the region's silos are not. A grain that
///    was not asked before is not asked any more: in a cluster with too much to do each one that comes up is more of it;
/// 3. those that could not be reached, grains and bypasses, are asked again after each further budget, until the deadline: a cluster in which silos
///    come and go is soon another one. For the same reason so are those that have been silent for long: they may have been lost with their silo;
///    where many lookups find nobody to reach, each asks less often (<see cref="RegionCircuit"/>);
/// 4. what says that the lookup itself is wrong ends it at once, anything else leads to the next attempt.
/// </summary>
internal sealed class Lookup(
    string key,
    ImmutableArray<BookGrainKey> plan,
    LookupOptions options,
    TimeSpan deadline,
    CacheClientOptions settings,
    IBookGrains grains,
    RegionHealthMap healthMap,
    TimeProvider time)
{
    // Between the regions that are asked beside each other: an answer from near is worth a moment, and seldom more are asked than needed.
    private static readonly TimeSpan Stagger = TimeSpan.FromMilliseconds(50);

    // Budgets without an answer after which the same place is asked once more.
    private const int BudgetsUntilLost = 3;

    private readonly long _started = time.GetTimestamp();
    private readonly List<Attempt> _running = new(1);
    private ImmutableArray<BookGrainKey> _order;
    private int _asked;
    private List<FailedAttempt>? _failed;
    private bool _isToldNo;
    private bool _isSpared;

    private TimeSpan Elapsed => time.GetElapsedTime(_started);

    private TimeSpan Left => deadline - Elapsed is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    public async ValueTask<Answered> RunAsync(CancellationToken cancellation)
    {
        try
        {
            if ((await AskInTurnAsync(cancellation).ConfigureAwait(false) ?? await AskAllAsync(cancellation).ConfigureAwait(false)) is { } answer)
                return new(answer, Failed());
            throw new LookupFailedException(
                $"The lookup of \"{key}\" failed after {Elapsed.TotalMilliseconds:N0} ms; nobody answered: {string.Join("; ", (_failed ?? []).Select(attempt => attempt.ToString()).Distinct())}.");
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
        var isTrusted = healthMap.AreAllTrusted;
        _order = isTrusted ? plan : [.. plan.OrderBy(grain => healthMap.Of(grain.Region).ShouldDeprioritize)];
        while (_asked < _order.Length && Left > TimeSpan.Zero && Elapsed < 2 * settings.AttemptBudget)
        {
            var grain = _order[_asked++];
            var health = healthMap.Of(grain.Region);
            var isNobodyTrusted = !isTrusted && plan.All(place => healthMap.Of(place.Region).IsDoubted);
            var attempt = Start(grain, cancellation);
            var hedgeDelay = isNobodyTrusted || (health.IsDoubted && _asked < _order.Length) ? health.HedgeDelay : Timeout.InfiniteTimeSpan;
            if (await AwaitAsync(attempt, hedgeDelay, cancellation).ConfigureAwait(false) is { } answer)
                return answer;
            if (isNobodyTrusted)
                return null;
        }

        return null;
    }

    private async ValueTask<LookupAnswer?> AskAllAsync(CancellationToken cancellation)
    {
        var regions = plan.Select(grain => grain.Region).Distinct().ToArray();
        var wait = _running.Count > 0 ? TimeSpan.Zero : settings.AttemptBudget - Elapsed;
        _isToldNo = false;
        while (true)
        {
            // A cluster in which everything fails at once is given a moment, instead of the same questions again.
            if (wait > TimeSpan.Zero && wait < Left)
                await Task.Delay(wait, time, cancellation).ConfigureAwait(false);
            var began = Elapsed;
            _isSpared = false;
            if ((await AskBesideAsync(regions, cancellation).ConfigureAwait(false)
                ?? await AwaitAllAsync(settings.AttemptBudget - (Elapsed - began), cancellation).ConfigureAwait(false)) is { } answer)
                return answer;
            wait = settings.AttemptBudget - (Elapsed - began);
            // One with no budget left for another round, and nobody to listen to, waits for a pass where it was spared.
            if (_isSpared && _running.Count == 0 && wait >= Left)
                wait = RegionCircuit.PauseFor(settings.AttemptBudget);
            if (_isToldNo || wait >= Left)
                return await AwaitAllAsync(Timeout.InfiniteTimeSpan, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Asks every region, a moment after the one before; not where an answer is being waited for, unless it is long overdue.</summary>
    private async ValueTask<LookupAnswer?> AskBesideAsync(string[] regions, CancellationToken cancellation)
    {
        foreach (var region in regions)
        {
            if (Left <= TimeSpan.Zero)
                break;
            // An answer past the grains is flagged, so whoever refuses those can only be helped by a grain.
            var places = (options.RequireCoherent ? plan : _order.Take(_asked)).Where(grain => grain.Region == region).Append(new(region, AttemptPlan.DirectoryBypass, key));
            foreach (var place in places.Where(place => !IsAwaited(place)).ToArray())
                Start(place, cancellation);

            if (_running.Count > 0 && await AwaitAsync(_running[^1], Stagger, cancellation).ConfigureAwait(false) is { } answer)
                return answer;
        }

        return null;
    }

    private bool IsAwaited(BookGrainKey place) => _running.Exists(attempt => attempt.Grain == place && attempt.Age < BudgetsUntilLost * healthMap.Of(place.Region).Budget);

    private Attempt Start(BookGrainKey grain, CancellationToken cancellation)
    {
        var (left, health) = (Left, healthMap.Of(grain.Region));
        var attempt = Attempt.Start(grains, grain, options, BudgetOf(health, left), left, health, time, cancellation);
        _running.Add(attempt);
        return attempt;
    }

    private TimeSpan BudgetOf(RegionHealth health, TimeSpan left)
    {
        // Being patient with a slow region must not cost the time in which another place can still be asked.
        var budget = health.Budget;
        if (budget + settings.AttemptBudget > left)
            budget = settings.AttemptBudget;
        return budget < left ? budget : left;
    }

    private async ValueTask<LookupAnswer?> AwaitAllAsync(TimeSpan hedgeDelay, CancellationToken cancellation)
    {
        var began = Elapsed;
        while (_running.Count > 0)
        {
            var rest = hedgeDelay == Timeout.InfiniteTimeSpan ? hedgeDelay : hedgeDelay - (Elapsed - began);
            if (rest <= TimeSpan.Zero && rest != Timeout.InfiniteTimeSpan)
                break;
            if (await AwaitAsync(_running[^1], rest, cancellation).ConfigureAwait(false) is { } answer)
                return answer;
        }

        return null;
    }

    /// <summary>Waits for an answer of anybody, until the latest attempt has failed, has had its while or was silent for its budget.</summary>
    private async ValueTask<LookupAnswer?> AwaitAsync(Attempt latest, TimeSpan hedgeDelay, CancellationToken cancellation)
    {
        using var over = hedgeDelay == Timeout.InfiniteTimeSpan ? null : CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var pause = over is null ? null : Task.Delay(hedgeDelay, time, over.Token);
        try
        {
            while (_running.Contains(latest))
            {
                if (_running.Count > 1 || pause is not null)
                {
                    var any = await Task.WhenAny(_running.Select(attempt => (Task)attempt.Outcome).Concat(pause is null ? [] : [pause])).ConfigureAwait(false);
                    if (any == pause)
                    {
                        cancellation.ThrowIfCancellationRequested();
                        foreach (var attempt in _running)
                            attempt.IsOvertaken = true;
                        return null;
                    }
                }

                // The earliest of those that have ended: it was first in the plan.
                var ended = _running.Find(attempt => attempt.Outcome.IsCompleted) ?? latest;
                var outcome = await ended.Outcome.ConfigureAwait(false);
                if (outcome.Late is { } late)
                {
                    ended.Listen(late);
                    if (ended == latest)
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
                _isToldNo |= outcome.IsWord;
                _isSpared |= outcome.IsSpared;
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

    /// <summary>The attempts that were made in vain, those among them that nobody has waited for to the end.</summary>
    private IReadOnlyList<FailedAttempt> Failed() =>
        _running.Count == 0 ? _failed ?? (IReadOnlyList<FailedAttempt>)[] : [.. _failed ?? [], .. _running.Where(attempt => attempt.IsOvertaken).Select(attempt => attempt.SoFar())];
}

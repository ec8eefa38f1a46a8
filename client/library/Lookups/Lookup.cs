using System.Collections.Immutable;
using System.Runtime.ExceptionServices;

namespace OrleansCache.Client;

/// <summary>
/// One lookup on its way through its plan:
/// 1. each attempt of the plan gets the budget of one attempt, and no more than is left until the deadline;
/// 2. the next one begins when it has failed or its budget has passed, or, beside it, when its region is in doubt and has had a
///    short while (<see cref="RegionTrust"/>); the first answer counts;
/// 3. when the plan is through and time is left, every region is asked once more, now all beside each other: the book's grain, since
///    what was slow may answer now and loads that the first round started have gone on, and a detour past the grains, since
///    those may be out of reach while the region's silos are not;
/// 4. what says that the lookup itself is wrong ends it at once, anything else leads to the next attempt.
/// </summary>
internal sealed class Lookup(
    string key,
    ImmutableArray<BookGrainKey> plan,
    LookupOptions options,
    BookCacheOptions settings,
    IBookGrains grains,
    RegionTrusts trusts,
    TimeProvider time)
{
    // Between the regions of the last round: an answer from near is worth a moment, and seldom more are asked than needed.
    private static readonly TimeSpan Stagger = TimeSpan.FromMilliseconds(50);

    private readonly long _started = time.GetTimestamp();
    private readonly List<Attempt> _running = new(1);
    private List<FailedAttempt>? _failed;

    private TimeSpan Elapsed => time.GetElapsedTime(_started);

    private TimeSpan Left => settings.Deadline - Elapsed is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    public async ValueTask<LookupResult> RunAsync(CancellationToken cancellation)
    {
        try
        {
            var answer = await AskInTurnAsync(cancellation).ConfigureAwait(false);
            if (answer is null)
            {
                await PauseAsync(cancellation).ConfigureAwait(false);
                answer = await AskAllAsync(cancellation).ConfigureAwait(false);
            }

            if (answer is not null)
                return Result(answer);
            throw new LookupFailedException(
                $"The lookup of \"{key}\" failed after {Elapsed.TotalMilliseconds:N0} ms; nobody answered: {string.Join("; ", _failed ?? [])}.");
        }
        finally
        {
            foreach (var attempt in _running)
                trusts.TakeOver(attempt.Outcome);
        }
    }

    private async ValueTask<LookupAnswer?> AskInTurnAsync(CancellationToken cancellation)
    {
        var order = trusts.AreAllTrusted ? plan : [.. plan.OrderBy(grain => trusts.Of(grain.Region).IsForLast)];
        for (var i = 0; i < order.Length && Left > TimeSpan.Zero; i++)
        {
            var trust = trusts.Of(order[i].Region);
            var attempt = Start(order[i], settings.AttemptBudget < Left ? settings.AttemptBudget : Left, cancellation);
            var patience = trust.IsDoubted && i + 1 < order.Length ? trust.Patience : Timeout.InfiniteTimeSpan;
            if (await AwaitAsync(attempt, patience, cancellation).ConfigureAwait(false) is { } answer)
                return answer;
        }

        return await AwaitAllAsync(cancellation).ConfigureAwait(false);
    }

    private async ValueTask<LookupAnswer?> AskAllAsync(CancellationToken cancellation)
    {
        foreach (var region in plan.Select(grain => grain.Region).Distinct())
        {
            if (Left <= TimeSpan.Zero)
                break;
            Start(new(region, 1, key), Left, cancellation);
            var detour = Start(new(region, AttemptPlan.Detour, key), Left, cancellation);
            if (await AwaitAsync(detour, Stagger, cancellation).ConfigureAwait(false) is { } answer)
                return answer;
        }

        return await AwaitAllAsync(cancellation).ConfigureAwait(false);
    }

    private Attempt Start(BookGrainKey grain, TimeSpan budget, CancellationToken cancellation)
    {
        var attempt = Attempt.Start(grains, grain, options, budget, trusts.Of(grain.Region), time, cancellation);
        _running.Add(attempt);
        return attempt;
    }

    private async ValueTask<LookupAnswer?> AwaitAllAsync(CancellationToken cancellation)
    {
        while (_running.Count > 0)
        {
            if (await AwaitAsync(_running[^1], Timeout.InfiniteTimeSpan, cancellation).ConfigureAwait(false) is { } answer)
                return answer;
        }

        return null;
    }

    /// <summary>Waits for an answer of anybody, until the latest attempt has failed or has had its while.</summary>
    private async ValueTask<LookupAnswer?> AwaitAsync(Attempt latest, TimeSpan patience, CancellationToken cancellation)
    {
        using var over = patience == Timeout.InfiniteTimeSpan ? null : CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var pause = over is null ? null : Task.Delay(patience, time, over.Token);
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
                _running.Remove(ended);
                if (outcome.Error is { } error)
                {
                    cancellation.ThrowIfCancellationRequested();
                    ExceptionDispatchInfo.Throw(error);
                }

                if (outcome.Answer is { } answer)
                    return answer;
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

    /// <summary>A cluster in which everything fails at once is given a moment, instead of the same questions again.</summary>
    private async Task PauseAsync(CancellationToken cancellation)
    {
        var pause = settings.AttemptBudget - Elapsed;
        if (pause > TimeSpan.Zero && pause < Left)
            await Task.Delay(pause, time, cancellation).ConfigureAwait(false);
    }

    private LookupResult Result(LookupAnswer answer) => new()
    {
        Key = key,
        Book = answer.Copy is { } copy ? BookPayload.Decode(copy.Payload) : null,
        Version = answer.Copy?.Identity.Version ?? 0,
        Tier = answer.Tier,
        Region = answer.Region,
        Node = answer.Node,
        Age = answer.Age,
        TimeToLive = answer.TimeToLive,
        Flags = answer.Flags,
        Elapsed = Elapsed,
        FailedAttempts = Failed(),
    };

    /// <summary>The attempts that were made in vain, those among them that nobody has waited for to the end.</summary>
    private IReadOnlyList<FailedAttempt> Failed() =>
        _running.Count == 0 ? _failed ?? (IReadOnlyList<FailedAttempt>)[] : [.. _failed ?? [], .. _running.Where(attempt => attempt.IsOvertaken).Select(attempt => attempt.SoFar())];
}

using System.Collections.Immutable;
using System.Runtime.ExceptionServices;

namespace OrleansCache.Client;

/// <summary>
/// One lookup on its way through its plan:
/// 1. each attempt of the plan gets the budget of one attempt, and no more than is left until the deadline;
/// 2. the next one begins when it has failed or its budget has passed, or, beside it, when its region is in doubt and has had a
///    short while (<see cref="RegionTrust"/>); the first answer counts;
/// 3. when the plan is through and time is left, it is gone through once more, and the attempts share what is left: what was slow
///    may answer now, and loads that the first round started have gone on;
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
    private const int Rounds = 2;

    private readonly long _started = time.GetTimestamp();
    private readonly List<Attempt> _running = new(1);
    private List<FailedAttempt>? _failed;

    private TimeSpan Elapsed => time.GetElapsedTime(_started);

    private TimeSpan Left => settings.Deadline - Elapsed;

    public async ValueTask<LookupResult> RunAsync(CancellationToken cancellation)
    {
        try
        {
            for (var round = 1; round <= Rounds; round++)
            {
                if (round > 1)
                    await PauseAsync(cancellation).ConfigureAwait(false);
                if (await GoThroughAsync(InOrder(), round, cancellation).ConfigureAwait(false) is { } answer)
                    return Result(answer);
            }

            throw new LookupFailedException(
                $"The lookup of \"{key}\" failed after {Elapsed.TotalMilliseconds:N0} ms; nobody answered: {string.Join("; ", _failed ?? [])}.");
        }
        finally
        {
            foreach (var attempt in _running)
                trusts.TakeOver(attempt.Outcome);
        }
    }

    /// <summary>The plan, with the regions last that enough others are waiting for.</summary>
    private ImmutableArray<BookGrainKey> InOrder() =>
        trusts.AreAllTrusted ? plan : [.. plan.OrderBy(grain => trusts.Of(grain.Region).IsForLast)];

    private async ValueTask<LookupAnswer?> GoThroughAsync(ImmutableArray<BookGrainKey> order, int round, CancellationToken cancellation)
    {
        for (var i = 0; i < order.Length && Left > TimeSpan.Zero; i++)
        {
            var trust = trusts.Of(order[i].Region);
            var besides = trust.IsDoubted && i + 1 < order.Length;
            // In the second round those that are asked beside each other need not share the time.
            var budget = round == 1 ? settings.AttemptBudget : besides ? Left : Left / (order.Length - i);
            budget = budget < Left ? budget : Left;
            var patience = besides ? trust.Patience : Timeout.InfiniteTimeSpan;
            var attempt = Attempt.Start(grains, order[i], options, budget, trust, time, cancellation);
            _running.Add(attempt);
            if (await AwaitAsync(attempt, patience, cancellation).ConfigureAwait(false) is { } answer)
                return answer;
        }

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
        _running.Count == 0 ? _failed ?? (IReadOnlyList<FailedAttempt>)[] : [.. _failed ?? [], .. _running.Select(attempt => attempt.SoFar())];
}

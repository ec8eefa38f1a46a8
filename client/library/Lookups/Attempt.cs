using System.Diagnostics;
using Orleans.Runtime;
using OrleansCache.Telemetry;
using OrleansCache.Timing;

namespace OrleansCache.Client;

/// <summary>How an attempt has ended.</summary>
internal enum AttemptEnd
{
    /// <summary>With an answer that may be given.</summary>
    Answered,

    /// <summary>The silo has more to do than it can, and has done nothing.</summary>
    Shed,

    /// <summary>A grain answered that it cannot, as when the catalog is unavailable, so that asking again is no use.</summary>
    Refused,

    /// <summary>Without an answer; nothing is being worked on.</summary>
    Failed,

    /// <summary>With an error that ends the lookup, because it is about the lookup itself, or because the caller gave up.</summary>
    Invalid,
}

/// <summary>The outcome of an attempt.</summary>
/// <param name="End">How it has ended.</param>
/// <param name="Answer">The answer.</param>
/// <param name="Failed">Why there is none.</param>
/// <param name="Error">The error that ends the lookup.</param>
internal readonly record struct AttemptOutcome(
    AttemptEnd End, LookupAnswer? Answer = null, FailedAttempt? Failed = null, Exception? Error = null);

/// <summary>
/// One request to one book grain, which tells the state of its region how it ends. It goes on until it is answered, fails or is cancelled:
/// being silent is for <see cref="Lookup"/>. <see cref="Outcome"/> never fails.
/// </summary>
internal sealed class Attempt
{
    private readonly TimeProvider _time;
    private readonly long _asked;
    private bool _wasSilent;

    private Attempt(BookGrainKey place, RegionState region, TimeProvider time)
    {
        (Place, Region, _time, _asked) = (place, region, time, time.GetTimestamp());
        Outcome = null!;
    }

    /// <summary>The grain that is asked.</summary>
    public BookGrainKey Place { get; }

    /// <summary>The state of its region.</summary>
    public RegionState Region { get; }

    /// <summary>The outcome.</summary>
    public Task<AttemptOutcome> Outcome { get; private set; }

    /// <summary>The time since the grain was asked.</summary>
    public TimeSpan Age => _time.GetElapsedTime(_asked);

    /// <summary>Whether another place has been asked because this one is silent.</summary>
    public bool IsOvertaken { get; set; }

    /// <summary>Asks a grain.</summary>
    /// <param name="grains">The grains.</param>
    /// <param name="place">The one that is asked.</param>
    /// <param name="options">The wire options.</param>
    /// <param name="region">The state of its region.</param>
    /// <param name="time">The time.</param>
    /// <param name="cancellation">Ends the attempt at once.</param>
    public static Attempt Start(
        IBookGrains grains,
        BookGrainKey place,
        LookupOptions options,
        RegionState region,
        TimeProvider time,
        CancellationToken cancellation)
    {
        var attempt = new Attempt(place, region, time);
        attempt.Outcome = attempt.RunAsync(grains, options, cancellation);
        return attempt;
    }

    /// <summary>Notes, once, that the region has been silent if the attempt is older than a patience.</summary>
    public void NoteSilenceAfter(TimeSpan patience)
    {
        if (_wasSilent || Age < patience)
            return;
        _wasSilent = true;
        Region.NoteSilence(patience);
    }

    /// <summary>The attempt as a failure, although it may still be answered.</summary>
    public FailedAttempt SoFar() => Failure($"no answer {(_wasSilent ? "within" : "yet after")} {Age.TotalMilliseconds:N0} ms");

    private async Task<AttemptOutcome> RunAsync(IBookGrains grains, LookupOptions options, CancellationToken cancellation)
    {
        if (!Region.TryPass(out var reason))
            return Failed(reason);
        // Attempts of one lookup overlap; the name of the grain is not a tag, as it has the key.
        using var activity = Tracing.Source.StartActivity("attempt", ActivityKind.Client);
        activity?.SetTag(TelemetryNames.Region, Place.Region).SetTag("orleanscache.rank", Place.Rank);
        var outcome = await AskAsync(grains, options, cancellation).ConfigureAwait(false);
        if (outcome.Answer is { } answered)
            activity?.SetTag(TelemetryNames.Tier, TelemetryNames.Of(answered.Tier));
        else
            activity.Fail(outcome.Failed?.Reason ?? outcome.Error?.Message ?? "cancelled");
        return outcome;
    }

    private async ValueTask<AttemptOutcome> AskAsync(IBookGrains grains, LookupOptions options, CancellationToken cancellation)
    {
        try
        {
            var call = grains.LookupAsync(Place, options, cancellation);
            var answer = call.IsCompletedSuccessfully
                ? call.Result
                : await call.AsTask().OrCancelledAsync(cancellation).ConfigureAwait(false);
            Region.NoteAnswer();
            if (answer is null)
                return new(AttemptEnd.Shed, Failed: Failure("it has more to do than it can"));
            if (answer.Trace is { } trace)
                answer = answer with { Trace = trace with { RoundTrip = Age } };
            return answer.Flags == LookupFlags.None || !options.RequireCoherent
                ? new(AttemptEnd.Answered, answer)
                : Failed($"its answer is flagged {answer.Flags}, which was refused", AttemptEnd.Refused);
        }
        catch (Exception error)
        {
            return OutcomeOf(error, cancellation);
        }
    }

    private AttemptOutcome OutcomeOf(Exception error, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return new(AttemptEnd.Invalid, Error: error);
        var text = error.Message.TrimEnd('.');
        switch (error)
        {
            case RegionUnavailableException:
                Region.NoteError(text);
                return Failed(text);
            case OrleansException:
                // Only the type of an Orleans error: its text names the key of this lookup, and later lookups report the same reason.
                Region.NoteError(error.GetType().Name);
                return Failed($"{error.GetType().Name}: {text}");
            case TimeoutException:
                // Orleans has given the call up; what the silence means was noted long before.
                return Failed(text);
            case InvalidKeyException or UnknownRegionException:
                Region.NoteAnswer();
                return new(AttemptEnd.Invalid, Error: error);
            case CacheException:
                Region.NoteAnswer();
                return Failed(text, AttemptEnd.Refused);
            default:
                Region.NoteAnswer();
                return Failed($"{error.GetType().Name}: {text}");
        }
    }

    private AttemptOutcome Failed(string reason, AttemptEnd end = AttemptEnd.Failed) => new(end, Failed: Failure(reason));

    private FailedAttempt Failure(string reason) => new(Place.Region, Place.Rank, reason, Age);
}

using OrleansCache.Telemetry;

namespace OrleansCache.Client;

/// <summary>What became of a lookup: a result, or a refusal, which costs no exception until it reaches the caller.</summary>
/// <param name="Result">The result.</param>
/// <param name="Lease">The right of callers who asked after the lookup began to share it.</param>
/// <param name="Refusal">Why there is no result.</param>
internal readonly record struct LookupReading(LookupResult? Result, LeaseToken Lease, string? Refusal = null)
{
    /// <summary>A lookup that was refused.</summary>
    public static LookupReading Refused(string why) => new(null, LeaseToken.None, why);
}

/// <summary>
/// Asks the cluster for a key until there is an answer that may be given (<see cref="ClientSession"/>). A rejected answer is asked for
/// again, from the catalog where it was older than what this client has seen or its caller wants.
/// </summary>
internal sealed class LookupReader(
    IBookGrains grains,
    RegionMap map,
    RegionStates regions,
    RetryBudget retries,
    LookupAdmission admission,
    ClientSession session,
    ClientMetrics metrics,
    TimeProvider time)
{
    // A key that is revoked during each of so many lookups in a row is edited faster than it can be read.
    private const int MaxRounds = 20;

    /// <summary>Looks a key up.</summary>
    public async ValueTask<LookupReading> ReadAsync(
        CacheKey key, GetOptions options, LookupDeadline deadline, CancellationToken cancellation)
    {
        var order = map.OrderFrom(options.Region ?? map.PickFor(key));
        var distance = regions.Of(order[0]).Distance;
        if (await admission.EnterAsync(key.Text, distance, deadline, cancellation).ConfigureAwait(false) is { } refusal)
            return LookupReading.Refused(refusal);
        var end = LookupEnd.Other;
        using var activity = Tracing.Source.StartActivity("lookup");
        try
        {
            var plan = AttemptPlan.For(key.Text, order, grains.SilosOf);
            // A lookup that has waited for its permit, or for another lookup that failed, is sent at least once.
            var read = await ReadAsync(key, plan, options, deadline.ExtendedFor(distance.Patience), cancellation).ConfigureAwait(false);
            end = read.Refusal is null ? LookupEnd.Answered : LookupEnd.Shed;
            if (read.Result is { } result)
            {
                metrics.Looked(result);
                activity?.SetTag(TelemetryNames.Tier, TelemetryNames.Of(result.Tier)).SetTag(TelemetryNames.Region, result.Region);
            }

            return read;
        }
        catch (Exception error)
        {
            metrics.Failed(order[0], deadline.Elapsed);
            activity.Fail(error.Message);
            throw;
        }
        finally
        {
            admission.Leave(distance, end);
        }
    }

    private async ValueTask<LookupReading> ReadAsync(
        CacheKey key, AttemptPlan plan, GetOptions options, LookupDeadline deadline, CancellationToken cancellation)
    {
        var (fresh, atLeast) = (options.Fresh, options.AtLeast ?? 0);
        for (var round = 0; round < MaxRounds && deadline.Remaining > TimeSpan.Zero; round++)
        {
            var observed = session.Observe(key);
            var wanted = new LookupOptions(
                fresh, options.RequireCoherent, session.Client, Math.Max(observed.Seen, atLeast), session.Released)
            {
                Trace = options.Trace,
            };
            var lookup = new Lookup(plan, wanted, deadline, grains, regions, retries, metrics, time);
            retries.NoteLookup();
            var answer = await lookup.RunAsync(cancellation).ConfigureAwait(false);
            if (answer is null)
            {
                return LookupReading.Refused(
                    $"The lookup of \"{key}\" was refused by a silo that has more to do than it can. Look it up again later.");
            }

            // Made first: an answer whose payload is invalid throws, and must not get into the near cache.
            var result = new LookupResult(answer, deadline.Elapsed, lookup.FailedAttempts);
            if (session.TryAccept(key, observed, answer, fresh, atLeast) is { } lease)
                return new(result, lease);
            fresh |= answer.Row.Identity.Version < Math.Max(session.SeenOf(key), atLeast);
        }

        throw new LookupFailedException($"\"{key}\" is being edited faster than it can be read; look it up again later.");
    }
}

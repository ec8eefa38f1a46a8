using Microsoft.Extensions.Options;

namespace OrleansCache.Client;

/// <summary>
/// Asks the cluster for a key until there is an answer that may be given (<see cref="ClientSession"/>). A rejected answer is asked for
/// again, from the catalog where it was older than what this client has seen or its caller wants.
/// </summary>
internal sealed class LookupReader(
    IBookGrains grains,
    RegionMap regions,
    RegionHealthMap healthMap,
    LookupAdmission admission,
    ClientSession session,
    IOptions<CacheClientOptions> clientOptions,
    TimeProvider time)
{
    // A key that is revoked during each of so many lookups in a row is edited faster than it can be read.
    private const int MaxRounds = 20;

    private readonly CacheClientOptions _options = clientOptions.Value;

    /// <summary>Looks a key up.</summary>
    /// <returns>The result, and the right of callers who ask after this lookup began to share it.</returns>
    public async ValueTask<(LookupResult Result, LeaseToken Lease)> ReadAsync(
        CacheKey key, GetOptions options, LookupDeadline deadline, CancellationToken cancellation)
    {
        var order = regions.OrderFrom(options.Region ?? regions.PickFor(key));
        await admission.EnterAsync(key.Text, deadline, cancellation).ConfigureAwait(false);
        // A lookup that has waited for its permit, or for another lookup that failed, is sent at least once.
        deadline = deadline.ExtendedForAttempt();
        var began = time.GetTimestamp();
        var (isAnswered, isInVain) = (false, false);
        try
        {
            var plan = AttemptPlan.For(key.Text, order, grains.SilosOf);
            var read = await ReadAsync(key, plan, options, deadline, cancellation).ConfigureAwait(false);
            isAnswered = true;
            return read;
        }
        catch (LookupFailedException)
        {
            isInVain = true;
            throw;
        }
        finally
        {
            // Slow: two attempts in a row timed out, or one at a region with twice the usual budget, or the only one that there was time
            // for. One lost region alone makes no lookup slow, because the next region answers sooner than that.
            var took = time.GetElapsedTime(began);
            var wasSlow = took >= 2 * _options.AttemptBudget || (isInVain && took >= _options.AttemptBudget / 2);
            // An invalid lookup, or one that was cancelled early, says nothing about the cluster.
            admission.Leave(isAnswered || wasSlow ? wasSlow : null);
        }
    }

    private async ValueTask<(LookupResult Result, LeaseToken Lease)> ReadAsync(
        CacheKey key, AttemptPlan plan, GetOptions options, LookupDeadline deadline, CancellationToken cancellation)
    {
        var (fresh, atLeast) = (options.Fresh, options.AtLeast ?? 0);
        for (var round = 0; round < MaxRounds && deadline.Remaining > TimeSpan.Zero; round++)
        {
            var observed = session.Observe(key);
            var wanted = new LookupOptions(fresh, options.RequireCoherent, session.Client, Math.Max(observed.Seen, atLeast));
            var lookup = new Lookup(plan, wanted, deadline, _options, grains, healthMap, time);
            var answer = await lookup.RunAsync(cancellation).ConfigureAwait(false);
            // Made first: an answer whose payload is invalid throws, and must not get into the near cache.
            var result = new LookupResult(answer, deadline.Elapsed, lookup.FailedAttempts);
            if (session.TryAccept(key, observed, answer, fresh, atLeast) is { } lease)
                return (result, lease);
            fresh |= answer.Row.Identity.Version < Math.Max(session.SeenOf(key), atLeast);
        }

        throw new LookupFailedException($"\"{key}\" is being edited faster than it can be read; look it up again later.");
    }
}

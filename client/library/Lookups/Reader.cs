using System.Collections.Immutable;
using Microsoft.Extensions.Options;

namespace OrleansCache.Client;

/// <summary>
/// Asks the cluster for a book until there is an answer that may be given:
/// 1. one that was asked for before the book was last revoked is thrown away, because a later one may have been newer already;
/// 2. one that is older than what this client has seen, or than what the caller wants at least, is asked for again from the catalog;
/// 3. what comes with a lease is kept.
/// </summary>
internal sealed class Reader(
    IBookGrains grains, RegionMap regions, RegionHealthMap healthMap, LookupAdmission admission, SeenVersions seen, NearCache? near, IOptions<CacheClientOptions> settings, TimeProvider time)
{
    // So many edits in so short a time are more than can be read.
    private const int MostRounds = 20;

    /// <summary>Looks a book up.</summary>
    /// <param name="key">The book.</param>
    /// <param name="options">What is asked.</param>
    /// <param name="waited">How long the caller has waited already.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<Given> ReadAsync(string key, GetOptions options, TimeSpan waited, CancellationToken cancellation)
    {
        var plan = AttemptPlan.For(key, regions.OrderFrom(options.Region ?? regions.PickFor(key)), grains.SilosOf);
        var came = time.GetTimestamp();
        await admission.EnterAsync(key, waited, cancellation).ConfigureAwait(false);
        var began = time.GetTimestamp();
        waited += time.GetElapsedTime(came, began);
        var left = settings.Value.Deadline - waited;
        // Who has waited for its turn, or for somebody else's lookup in vain, is not sent away without having been asked for.
        if (left < settings.Value.AttemptBudget)
            left = settings.Value.AttemptBudget;
        var (isAnswered, isInVain) = (false, false);
        try
        {
            var given = await AskAsync(key, plan, options, waited, left, cancellation).ConfigureAwait(false);
            isAnswered = true;
            return given;
        }
        catch (LookupFailedException)
        {
            isInVain = true;
            throw;
        }
        finally
        {
            // Two attempts one after the other have come to nothing, the patient one at a slow region, or the only one there was time for; where a region is lost, the next one answers sooner.
            var took = time.GetElapsedTime(began);
            var wasSlow = took >= 2 * settings.Value.AttemptBudget || (isInVain && took >= settings.Value.AttemptBudget / 2);
            // What is wrong with the lookup itself, or was given up soon, says nothing.
            admission.Leave(isAnswered || wasSlow ? wasSlow : null);
        }
    }

    /// <summary>Takes an answer if it may be given, and keeps it if it came with a lease.</summary>
    /// <param name="asked">What was noted before it was asked for.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="fresh">Whether the catalog itself was asked.</param>
    /// <param name="atLeast">What the caller wants at least.</param>
    /// <returns>The right that it gives to others that wait for it; null when it must not be given.</returns>
    public NearRight? TryTake(Question asked, LookupAnswer answer, bool fresh, long atLeast)
    {
        var (key, version) = (asked.Key, answer.Row.Identity.Version);
        if (answer.Flags is not LookupFlags.None)
            return NearRight.None;
        if (near?.IsLate(asked) == true || (version < atLeast && !fresh) || !seen.TryPass(key, version, fresh, asked.Seen))
            return null;
        return near?.Keep(asked, answer) ?? NearRight.None;
    }

    /// <summary>Notes what an answer will be judged by; to be called before it is asked for.</summary>
    public Question Note(string key)
    {
        // A copy that cannot be used any more still tells what this client has seen.
        var known = Math.Max(seen.Of(key), near?.KnownVersion(key) ?? 0);
        if (known > 0)
            seen.Note(key, known);
        return near?.Note(key, known) ?? new(key, known, 0, 0);
    }

    private async ValueTask<Given> AskAsync(
        string key, ImmutableArray<BookGrainKey> plan, GetOptions options, TimeSpan waited, TimeSpan deadline, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var (fresh, atLeast) = (options.Fresh, options.AtLeast ?? 0);
        for (var round = 0; round < MostRounds; round++)
        {
            var left = deadline - time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
                break;
            var asked = Note(key);
            var lookup = new Lookup(
                key, plan, new(fresh, options.RequireCoherent, near?.Client ?? default, Math.Max(asked.Seen, atLeast)), left, settings.Value, grains, healthMap, time);
            var answered = await lookup.RunAsync(cancellation).ConfigureAwait(false);
            if (TryTake(asked, answered.Answer, fresh, atLeast) is { } right)
                return new(ResultOf(answered, waited + time.GetElapsedTime(began)), right, answered.Answer.Row.Identity.Version);
            fresh |= answered.Answer.Row.Identity.Version < Math.Max(seen.Of(key), atLeast);
        }

        throw new LookupFailedException($"\"{key}\" is being edited faster than it can be read; ask again later.");
    }

    /// <summary>Makes the result of an answer; what is not a book is found out here and not by whoever reads it.</summary>
    public static LookupResult ResultOf(Answered answered, TimeSpan elapsed)
    {
        var result = new LookupResult(new GivenFacts(answered.Answer, elapsed, answered.Failed));
        _ = result.Book;
        return result;
    }
}

using System.Collections.Immutable;
using System.Globalization;
using OrleansCache.Client;

namespace OrleansCache.Http;

/// <summary>The way that a lookup took. Durations are milliseconds.</summary>
internal sealed record KeyWay
{
    public required string Key { get; init; }

    /// <summary>The reader's region.</summary>
    public required string Reader { get; init; }

    /// <summary>Whether there was an answer; else <see cref="Problem"/> says why not.</summary>
    public bool Answered { get; init; }

    public string? Problem { get; init; }

    /// <summary>Whether there is such a book.</summary>
    public bool Found { get; init; }

    public Book? Book { get; init; }

    public long Version { get; init; }

    /// <summary>The tag of the version, as 32 hexadecimal digits.</summary>
    public string? Tag { get; init; }

    /// <summary>The tier that answered: near, silo, redis, owner or catalog.</summary>
    public string? Tier { get; init; }

    /// <summary>The region that answered.</summary>
    public string? Region { get; init; }

    public string? Node { get; init; }

    public double Age { get; init; }

    public double TimeToLive { get; init; }

    /// <summary>The guarantees that the answer lacks.</summary>
    public ImmutableArray<string> Flags { get; init; } = [];

    /// <summary>How long it took.</summary>
    public double Elapsed { get; init; }

    /// <summary>The steps in their order.</summary>
    public ImmutableArray<KeyStep> Steps { get; init; } = [];

    /// <summary>Describes a lookup.</summary>
    /// <param name="made">The lookup.</param>
    /// <param name="server">The silo whose HTTP server has made it.</param>
    public static KeyWay Of(MadeLookup made, string server)
    {
        var way = new KeyWay
        {
            Key = made.Key,
            Reader = made.Reader,
            Problem = made.Problem,
            Elapsed = made.Elapsed.TotalMilliseconds,
        };
        if (made.Result is not { } result)
            return way with { Steps = [new("failed", server, made.Problem ?? "there was no answer", 0, made.Elapsed.TotalMilliseconds)] };
        return way with
        {
            Answered = true,
            Found = result.Found,
            Book = result.Book,
            Version = result.Version,
            Tag = result.Found ? result.Tag.ToString("N", CultureInfo.InvariantCulture) : null,
            Tier = result.Tier.ToString().ToLowerInvariant(),
            Region = result.Region,
            Node = result.Node,
            Age = result.Age.TotalMilliseconds,
            TimeToLive = result.TimeToLive.TotalMilliseconds,
            Flags = [.. Enum.GetValues<LookupFlags>().Where(flag => flag != 0 && result.Flags.HasFlag(flag)).Select(flag => $"{flag}")],
            Steps = [.. StepsOf(made, result, server)],
        };
    }

    private static IEnumerable<KeyStep> StepsOf(MadeLookup made, LookupResult result, string server)
    {
        var memory = $"memory of {server}'s HTTP server";
        if (result.Tier == OrleansCache.Tier.Near)
        {
            yield return new("hit", memory, "holds it under a lease: no message was sent", 0, made.Elapsed.TotalMilliseconds);
            yield break;
        }

        yield return new("miss", memory, "does not hold it", 0, 0);
        foreach (var failed in result.FailedAttempts)
            yield return new("failed", failed.Region, failed.Reason, null, failed.Elapsed.TotalMilliseconds);
        if (result.Trace is not { } trace)
            yield break;
        // The last attempt is the one that was answered, and ends the lookup. Half of what the silo did not take is the way to it.
        var asked = Math.Max(0, (result.Elapsed - trace.RoundTrip).TotalMilliseconds);
        var way = Math.Max(0, (trace.RoundTrip - trace.Elapsed).TotalMilliseconds);
        yield return new("way", $"to {trace.Silo} and back", "a message each", asked, way);
        for (var i = 0; i < trace.Steps.Length; i++)
        {
            var step = trace.Steps[i];
            yield return new(
                KindOf(trace.Steps, i, result.Tier),
                PlaceOf(step, trace.Silo, result.Region),
                TextOf(step),
                asked + (way / 2) + step.Start.TotalMilliseconds,
                step.Elapsed.TotalMilliseconds);
        }
    }

    private static string KindOf(ImmutableArray<LookupStep> steps, int i, Tier answered) => steps[i] switch
    {
        { Result: LookupStepResult.Failed } => "failed",
        // Of several rounds the last one gave the answer.
        var step when step.Tier == answered && steps.Skip(i + 1).All(later => later.Tier != answered) => "hit",
        var step when step.Tier > answered => "confirms",
        { Result: LookupStepResult.Miss, Tier: OrleansCache.Tier.Silo or OrleansCache.Tier.Redis } => "miss",
        _ => "asks",
    };

    private static string PlaceOf(LookupStep step, string silo, string region) => step.Tier switch
    {
        _ when step.Result is LookupStepResult.Joined => $"load in flight at {silo}",
        OrleansCache.Tier.Silo => $"memory of {silo}",
        OrleansCache.Tier.Redis when step.IsFormer => $"node {step.Node} of {region}, the key's one before the ring changed",
        OrleansCache.Tier.Redis => step.Node is { } node ? $"node {node} of {region}" : $"nodes of {region}",
        OrleansCache.Tier.Owner => "owner of the key's slot",
        _ => "catalog",
    };

    private static string TextOf(LookupStep step) => (step.Tier, step.Result) switch
    {
        (_, LookupStepResult.Joined) => "another lookup was loading it",
        (OrleansCache.Tier.Silo, LookupStepResult.Hit) => "holds it under a lease",
        (OrleansCache.Tier.Silo, LookupStepResult.Hint) => "has an entry, but no lease on it",
        (OrleansCache.Tier.Redis, LookupStepResult.Hint) => "has an entry; only the owner knows whether it is current",
        (OrleansCache.Tier.Redis, LookupStepResult.Failed) => "did not answer, or none is up",
        (OrleansCache.Tier.Owner, LookupStepResult.Confirmed) => "had just read that the entry is current",
        (OrleansCache.Tier.Owner, LookupStepResult.Hit) => "had just read the row",
        (OrleansCache.Tier.Owner, LookupStepResult.Failed) => "did not answer",
        (OrleansCache.Tier.Owner, _) => "has the catalog read, and grants the lease",
        (OrleansCache.Tier.Catalog, _) => "one query",
        _ => "holds nothing",
    };
}

/// <summary>A step of a lookup. Times are milliseconds.</summary>
/// <param name="Kind"><c>hit</c> for the one that gave the answer; <c>miss</c>, <c>asks</c>, <c>confirms</c>, <c>failed</c>, or <c>way</c>
/// for the messages.</param>
/// <param name="Place">Where.</param>
/// <param name="Text">What was so.</param>
/// <param name="Start">When it began, counted from the start of the lookup; null where that is not known.</param>
/// <param name="Time">How long it took.</param>
internal sealed record KeyStep(string Kind, string Place, string Text, double? Start, double Time);

/// <summary>A lookup that was made.</summary>
internal sealed record MadeLookup(string Key, string Reader, LookupResult? Result, string? Problem, TimeSpan Elapsed);

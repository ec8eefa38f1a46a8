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

    /// <summary>Who held the key before the lookup.</summary>
    public KeyCopies? Before { get; init; }

    /// <summary>Who holds it since.</summary>
    public KeyCopies? After { get; init; }

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
            Before = made.Before,
            After = made.After,
        };
        if (made.Result is not { } result)
            return way with { Steps = [new("failed", server, made.Problem ?? "there was no answer", made.Elapsed.TotalMilliseconds)] };
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
        var near = result.Tier == OrleansCache.Tier.Near;
        yield return new(near ? "hit" : "miss", $"memory of {server}'s HTTP server", near
            ? "holds it under a lease: no message was sent"
            : "does not hold it");
        if (near)
            yield break;
        foreach (var failed in result.FailedAttempts)
            yield return new("failed", failed.Region, failed.Reason, failed.Elapsed.TotalMilliseconds);
        var holders = made.Before.Regions.FirstOrDefault(region => region.Region == result.Region)?.Copies
            .Where(copy => copy is { IsNode: false, Holds: true }).Select(copy => copy.Place).ToArray() ?? [];
        var tiers = (Tier[])[OrleansCache.Tier.Silo, OrleansCache.Tier.Redis, OrleansCache.Tier.Owner, OrleansCache.Tier.Catalog];
        foreach (var tier in tiers.TakeWhile(tier => tier <= result.Tier))
        {
            var hit = tier == result.Tier;
            yield return new(
                hit ? "hit" : "miss", PlaceOf(tier, result), TextOf(tier, hit, holders), hit ? result.Elapsed.TotalMilliseconds : null);
        }
    }

    private static string PlaceOf(Tier tier, LookupResult result) => tier switch
    {
        OrleansCache.Tier.Silo => $"memory of a silo of {result.Region}",
        OrleansCache.Tier.Redis => result.Node is { } node ? $"node {node} of {result.Region}" : $"a node of {result.Region}",
        OrleansCache.Tier.Owner => "owner of the key's slot",
        _ => "catalog",
    };

    private static string TextOf(Tier tier, bool hit, string[] holders) => (tier, hit) switch
    {
        (OrleansCache.Tier.Silo, true) => "holds it under a lease",
        (OrleansCache.Tier.Silo, false) => holders.Length > 0
            ? $"had an entry ({string.Join(", ", holders)}), but no lease on it"
            : "held nothing",
        (OrleansCache.Tier.Redis, true) => "held the version that the owner confirmed",
        (OrleansCache.Tier.Redis, false) => "held nothing that the owner confirmed",
        (OrleansCache.Tier.Owner, true) => "had read the row just before",
        (OrleansCache.Tier.Owner, false) => "was asked for the row",
        _ => "was read",
    };
}

/// <summary>A step of a lookup.</summary>
/// <param name="Kind"><c>hit</c>, <c>miss</c> or <c>failed</c>.</param>
/// <param name="Place">Where.</param>
/// <param name="Text">What was so.</param>
/// <param name="Time">When it was over, counted from the start of the lookup; for a failed one how long it took; null where that was not
/// measured.</param>
internal sealed record KeyStep(string Kind, string Place, string Text, double? Time = null);

/// <summary>A lookup that was made, with what was seen before and after it.</summary>
internal sealed record MadeLookup(
    string Key, string Reader, KeyCopies Before, KeyCopies After, LookupResult? Result, string? Problem, TimeSpan Elapsed);

using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansCache.Distance.Clients;

/// <summary>A lookup, as a client reports it.</summary>
/// <param name="Ms">How long it took, in milliseconds.</param>
/// <param name="Tier">The tier that answered; null if none did.</param>
/// <param name="Region">The region that answered.</param>
/// <param name="Flags">Which guarantees the answer lacks.</param>
/// <param name="Version">The book's version; 0 for no book.</param>
/// <param name="Title">The book's title.</param>
/// <param name="FailedAttempts">The attempts that failed before the answer.</param>
/// <param name="Error">Why there is no answer.</param>
internal sealed record LookupLine(
    double Ms,
    Tier? Tier = null,
    string? Region = null,
    LookupFlags Flags = LookupFlags.None,
    long Version = 0,
    string? Title = null,
    IReadOnlyList<string>? FailedAttempts = null,
    string? Error = null)
{
    [JsonIgnore]
    public bool IsHealthy => Error is null && Flags is LookupFlags.None && FailedAttempts is null;
}

/// <summary>An edit, as a client reports it.</summary>
internal sealed record EditLine(double Ms, long Version = 0, string? Error = null);

/// <summary>What a client counted while it looked books up at a steady rate.</summary>
/// <param name="Total">All lookups.</param>
/// <param name="Seconds">Those that were due in each second.</param>
/// <param name="Messages">Up to five different errors, without the numbers in them.</param>
/// <param name="LatestStartMs">The longest time by which this client started a lookup too late, in milliseconds.</param>
internal sealed record LoadLine(
    LoadFigures Total, IReadOnlyList<LoadFigures> Seconds, IReadOnlyList<string> Messages, double LatestStartMs);

/// <summary>Counts and latencies of lookups; the latencies are in milliseconds, from the moment at which the lookup was due.</summary>
/// <param name="Started">Lookups that were due.</param>
/// <param name="Answered">Those with an answer, flagged ones included.</param>
/// <param name="Failed">Those without.</param>
/// <param name="Refused">Those that the client refused to send; not included in <paramref name="Failed"/>.</param>
/// <param name="Flagged">Answers that lack a guarantee.</param>
/// <param name="Hedged">Answers after attempts that failed.</param>
/// <param name="P50">The median.</param>
/// <param name="P90">The longest of nine tenths.</param>
/// <param name="P99">The longest of 99 percent.</param>
/// <param name="Max">The longest.</param>
/// <param name="Tiers">The answers of each tier.</param>
internal sealed record LoadFigures(
    int Started,
    int Answered,
    int Failed,
    int Refused,
    int Flagged,
    int Hedged,
    double P50,
    double P90,
    double P99,
    double Max,
    IReadOnlyDictionary<Tier, int> Tiers);

/// <summary>The lines in which a client answers.</summary>
internal static class ClientAnswers
{
    /// <summary>The number of the command that a line answers, from 1.</summary>
    public const string Command = "command";

    /// <summary>The answer.</summary>
    public const string Answer = "answer";

    /// <summary>Why there is no answer.</summary>
    public const string Problem = "problem";

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };
}

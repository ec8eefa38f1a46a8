namespace OrleansCache.Client;

/// <summary>Facts that do not change any more once the result has been made.</summary>
internal sealed class GivenFacts : ILookupFacts
{
    public GivenFacts()
    {
    }

    /// <summary>Takes what others say now.</summary>
    public GivenFacts(ILookupFacts other)
    {
        (Key, Exists, Payload, Version, Tier) = (other.Key, other.Exists, other.Payload, other.Version, other.Tier);
        (Region, Node, Age, TimeToLive) = (other.Region, other.Node, other.Age, other.TimeToLive);
        (Flags, Elapsed, FailedAttempts) = (other.Flags, other.Elapsed, other.FailedAttempts);
    }

    /// <summary>Takes what a lookup was answered.</summary>
    public GivenFacts(LookupAnswer answer, TimeSpan elapsed, IReadOnlyList<FailedAttempt> failed)
    {
        var copy = answer.Row;
        (Key, Exists, Payload, Version) = (copy.Key, copy.Exists, copy.Payload, copy.Exists ? copy.Identity.Version : 0);
        (Tier, Region, Node, Age) = (answer.Tier, answer.Region, answer.Node, answer.Age);
        (TimeToLive, Flags, Elapsed, FailedAttempts) = (answer.TimeToLive, answer.Flags, elapsed, failed);
    }

    public string Key { get; set; } = "";

    public bool Exists { get; set; }

    public byte[]? Payload { get; set; }

    public long Version { get; set; }

    public Tier Tier { get; set; }

    public string Region { get; set; } = "";

    public string? Node { get; set; }

    public TimeSpan Age { get; set; }

    public TimeSpan TimeToLive { get; set; }

    public LookupFlags Flags { get; set; }

    public TimeSpan Elapsed { get; set; }

    public IReadOnlyList<FailedAttempt> FailedAttempts { get; set; } = [];

    public void OnDecoded(Book book)
    {
        // These are nobody's but the caller's, and count against no budget.
    }
}

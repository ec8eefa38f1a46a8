namespace OrleansCache.Client;

/// <summary>What a <see cref="LookupResult"/> says about its book: an entry of the near cache, or an answer's own content.</summary>
internal interface ILookupSource
{
    string Key { get; }

    /// <summary>The row's identity; none when there is no book.</summary>
    RowVersion Identity { get; }

    Tier Tier { get; }

    string Region { get; }

    string? Node { get; }

    TimeSpan Age { get; }

    TimeSpan TimeToLive { get; }
}

/// <summary>The content of an answer that is in no near cache.</summary>
internal sealed record LookupContent : ILookupSource
{
    public string Key { get; set; } = "";

    public RowVersion Identity { get; set; } = RowVersion.None;

    public Tier Tier { get; set; }

    public string Region { get; set; } = "";

    public string? Node { get; set; }

    public TimeSpan Age { get; set; }

    public TimeSpan TimeToLive { get; set; }

    public LookupFlags Flags { get; set; }

    public TimeSpan Elapsed { get; set; }

    public IReadOnlyList<FailedAttempt> FailedAttempts { get; set; } = [];

    public LookupTrace? Trace { get; set; }
}

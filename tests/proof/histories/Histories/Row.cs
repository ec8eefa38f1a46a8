namespace OrleansCache.Proof.Histories;

/// <summary>A row that the book had in the catalog at some time, known because a call was answered with it.</summary>
internal sealed class Row(long version)
{
    public long Version { get; } = version;

    /// <summary>The id of the edit that wrote it; empty while no call tells it.</summary>
    public string Tag { get; set; } = "";

    /// <summary>Whether any call tells what is in it; a conflict does not.</summary>
    public bool IsContentKnown { get; set; }

    /// <summary>The edit whose content it holds; null for a removed book.</summary>
    public string? Content { get; set; }

    /// <summary>The edit that wrote it, unless it was there before the history, or fenced, or its author cannot be told.</summary>
    public Edit? Edit { get; set; }

    /// <summary>
    /// Whether it is the row before it once more, under a higher version and another tag, as the fence after a lost commit writes it.
    /// </summary>
    public bool IsFence { get; set; }

    /// <summary>Whether it may have been written directly in the database, and so be in the catalog before readers see it.</summary>
    public bool MayBeSql { get; set; }

    /// <summary>The row was not there before.</summary>
    public TimeSpan Earliest { get; set; } = TimeSpan.MinValue;

    /// <summary>The call that was the first to end with it.</summary>
    public Call? FirstSeen { get; set; }

    /// <summary>Its place in the order.</summary>
    public int Index { get; set; }

    public bool MayBeAbsent => !IsContentKnown || Content is null;

    public bool MayBePresent => !IsContentKnown || Content is not null;

    /// <summary>The call to show when this row is part of a contradiction.</summary>
    public Call? Witness => Edit?.Acked ?? Edit?.First ?? FirstSeen;

    public override string ToString() => new Identity(Version, Tag).ToString();
}

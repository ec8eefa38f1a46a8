namespace OrleansCache.Proof.Histories;

/// <summary>A row that the book had in the catalog at some time, known from a call's answer.</summary>
internal sealed class Row(long version)
{
    public long Version { get; } = version;

    /// <summary>The id of the edit that wrote it; empty if no call contains it.</summary>
    public string Tag { get; set; } = "";

    /// <summary>Whether any call shows its content; a conflict does not.</summary>
    public bool IsContentKnown { get; set; }

    /// <summary>The edit whose content it holds; null for a removed book.</summary>
    public string? Content { get; set; }

    /// <summary>The edit that wrote it; null if it is older than the history, or if no call shows which edit that was.</summary>
    public Edit? Edit { get; set; }

    /// <summary>Whether it may have been written directly in the database, so that the catalog may hold it before readers see it.</summary>
    public bool MayBeSql { get; set; }

    /// <summary>The earliest time at which the row may exist.</summary>
    public TimeSpan Earliest { get; set; } = TimeSpan.MinValue;

    /// <summary>The call that was the first to end with it.</summary>
    public Call? FirstSeen { get; set; }

    /// <summary>Its index in the order of rows.</summary>
    public int Index { get; set; }

    public bool MayBeAbsent => !IsContentKnown || Content is null;

    public bool MayBePresent => !IsContentKnown || Content is not null;

    /// <summary>The call to report if this row is part of a contradiction.</summary>
    public Call? Witness => Edit?.Acked ?? Edit?.First ?? FirstSeen;

    public override string ToString() => new Identity(Version, Tag).ToString();
}

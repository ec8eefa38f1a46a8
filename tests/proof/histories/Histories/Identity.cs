namespace OrleansCache.Proof.Histories;

/// <summary>The identity of the row that a call was answered with.</summary>
/// <param name="Version">Rises with every edit of the book; 0 if it never existed.</param>
/// <param name="Tag">The id of the edit that wrote the row; empty if the answer does not contain it.</param>
public readonly record struct Identity(long Version, string Tag)
{
    /// <summary>The row of a book that never existed.</summary>
    public static readonly Identity Never = new(0, "");

    /// <inheritdoc/>
    public override string ToString() => Tag.Length == 0 ? $"{Version}" : $"{Version}/{Tag}";
}

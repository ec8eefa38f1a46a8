using System.Collections.Immutable;

namespace OrleansCache.Client.Import;

/// <summary>The result of an import.</summary>
/// <param name="Created">The books that are new.</param>
/// <param name="Updated">The books whose content was replaced.</param>
/// <param name="Unchanged">The books that were there with the same content.</param>
/// <param name="Bad">The invalid rows.</param>
/// <param name="BadRows">The first of those, at most <see cref="MaxBadRows"/>.</param>
public sealed record BookImport(long Created, long Updated, long Unchanged, long Bad, ImmutableArray<BadRow> BadRows)
{
    /// <summary>The most invalid rows that are listed; the others are only counted.</summary>
    public const int MaxBadRows = 1_000;

    /// <summary>The rows of the file without its header and blank lines.</summary>
    public long Rows => Created + Updated + Unchanged + Bad + NotStored;

    /// <summary>Valid rows that were not stored, because a strict import rejected the file.</summary>
    public long NotStored { get; init; }
}

/// <summary>An invalid row.</summary>
/// <param name="Line">The line of the file that the row begins in, from 1.</param>
/// <param name="Reason">Why it is invalid, with the column and the value.</param>
public readonly record struct BadRow(long Line, string Reason);

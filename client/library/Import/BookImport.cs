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

    /// <summary>The most notes that are listed; the others are only counted.</summary>
    public const int MaxNotes = 1_000;

    /// <summary>The rows of the file without its header and blank lines.</summary>
    public long Rows => Created + Updated + Unchanged + Bad + NotStored;

    /// <summary>Valid rows that were not stored, because a strict import rejected the file.</summary>
    public long NotStored { get; init; }

    /// <summary>The valid rows in which something was mended or left out.</summary>
    public long Noted { get; init; }

    /// <summary>The first of those, at most <see cref="MaxNotes"/>.</summary>
    public ImmutableArray<ImportNote> Notes { get; init; } = [];

    /// <summary>The columns of which nothing was used.</summary>
    public ImmutableArray<string> UnusedColumns { get; init; } = [];

    /// <summary>The encoding in which the file was read, such as <c>utf-8</c> or <c>windows-1252</c>.</summary>
    public string Encoding { get; init; } = "utf-8";

    /// <summary>The separator of the fields.</summary>
    public char Separator { get; init; } = ',';
}

/// <summary>An invalid row.</summary>
/// <param name="Line">The line of the file that the row begins in, from 1.</param>
/// <param name="Reason">Why it is invalid, with the column and the value.</param>
public readonly record struct BadRow(long Line, string Reason);

/// <summary>What was mended or left out in a valid row.</summary>
/// <param name="Line">The line of the file that the row begins in, from 1.</param>
/// <param name="Text">What was done, with the column and the value.</param>
public readonly record struct ImportNote(long Line, string Text);

using System.Collections.Immutable;

namespace OrleansCache.Client.Import;

/// <summary>What an import did.</summary>
/// <param name="Created">How many books are new.</param>
/// <param name="Updated">How many replaced another content.</param>
/// <param name="Unchanged">How many were there with the same content.</param>
/// <param name="Bad">How many rows could not be used.</param>
/// <param name="BadRows">The first of those, at most <see cref="MaxBadRows"/>.</param>
public sealed record BookImport(long Created, long Updated, long Unchanged, long Bad, ImmutableArray<BadRow> BadRows)
{
    /// <summary>The most rows that are kept with their reasons; the others are only counted.</summary>
    public const int MaxBadRows = 1_000;

    /// <summary>How many rows the file has, without its header and its blank lines.</summary>
    public long Rows => Created + Updated + Unchanged + Bad + NotStored;

    /// <summary>Rows that could be used but were not stored, because a strict import refused the file.</summary>
    public long NotStored { get; init; }
}

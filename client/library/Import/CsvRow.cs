using System.Diagnostics.CodeAnalysis;

namespace OrleansCache.Client.Import;

/// <summary>A row of a file: a book, or the reason why the row is invalid.</summary>
/// <param name="Line">The line of the file that the row begins in, from 1.</param>
/// <param name="Book">The book to store; null when the row is invalid.</param>
/// <param name="Reason">Why the row is invalid; null when it is valid.</param>
internal readonly record struct CsvRow(long Line, KeyedPayload? Book, string? Reason)
{
    /// <summary>Whether the row is a book.</summary>
    [MemberNotNullWhen(true, nameof(Book))]
    [MemberNotNullWhen(false, nameof(Reason))]
    public bool IsGood => Book is not null;
}

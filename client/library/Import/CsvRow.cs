using System.Diagnostics.CodeAnalysis;

namespace OrleansCache.Client.Import;

/// <summary>A row of a file: a book, or the reason why the row is invalid.</summary>
/// <param name="Line">The line of the file that the row begins in, from 1.</param>
/// <param name="Book">The book to store; null when the row is invalid.</param>
/// <param name="Reason">Why the row is invalid; null when it is valid.</param>
/// <param name="Note">What was mended in it, or could not be used; null when there is nothing to tell.</param>
internal readonly record struct CsvRow(long Line, KeyedPayload? Book, string? Reason, string? Note = null)
{
    /// <summary>Whether the row is a book.</summary>
    [MemberNotNullWhen(true, nameof(Book))]
    [MemberNotNullWhen(false, nameof(Reason))]
    public bool IsGood => Book is not null;
}

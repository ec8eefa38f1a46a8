using System.Diagnostics.CodeAnalysis;

namespace OrleansCache.Client.Import;

/// <summary>A row of a file: a book, or the reason why it is none.</summary>
/// <param name="Line">The line of the file that the row begins in, from 1.</param>
/// <param name="Book">The book to store; null when the row cannot be used.</param>
/// <param name="Reason">Why the row cannot be used; null when it can.</param>
public readonly record struct CsvRow(long Line, KeyedPayload? Book, string? Reason)
{
    /// <summary>Whether the row is a book.</summary>
    [MemberNotNullWhen(true, nameof(Book))]
    [MemberNotNullWhen(false, nameof(Reason))]
    public bool IsGood => Book is not null;
}

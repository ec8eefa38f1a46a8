namespace OrleansCache;

/// <summary>What a reader gets to see of a book.</summary>
/// <param name="Title">The title; never empty.</param>
/// <param name="Author">The author, or several joined by "; "; empty when unknown.</param>
/// <param name="Year">The year of first publication; negative before Christ; null when unknown.</param>
/// <param name="Genre">The genre, or null.</param>
/// <param name="Isbn">The ISBN as given by the source, or null.</param>
/// <param name="Description">A short description, or null.</param>
public sealed record Book(
    string Title,
    string Author = "",
    int? Year = null,
    string? Genre = null,
    string? Isbn = null,
    string? Description = null);

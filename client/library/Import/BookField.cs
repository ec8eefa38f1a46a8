namespace OrleansCache.Client.Import;

/// <summary>What a column of a file can be of a book.</summary>
public enum BookField
{
    /// <summary>The key, or its name without <c>book::</c>.</summary>
    Key,

    /// <summary>The title.</summary>
    Title,

    /// <summary>The author, taken as it stands.</summary>
    Author,

    /// <summary>Further authors, separated by commas, semicolons or ampersands.</summary>
    Authors,

    /// <summary>The year of first publication, or a date of it.</summary>
    Year,

    /// <summary>The genre.</summary>
    Genre,

    /// <summary>The ISBN.</summary>
    Isbn,

    /// <summary>The description.</summary>
    Description,
}

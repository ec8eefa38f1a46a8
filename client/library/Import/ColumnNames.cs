using System.Collections.Frozen;

namespace OrleansCache.Client.Import;

/// <summary>
/// The names of columns that are known: those of the project's own files, of Goodreads, Calibre, LibraryThing, Open Library and
/// goodbooks-10k. docs/import.md lists them. Of several columns for a field, a row is read from the first one that it fills.
/// </summary>
internal static class ColumnNames
{
    /// <summary>The known names of the columns of each field, in their <see cref="Plain"/> form.</summary>
    public static readonly FrozenDictionary<BookField, string[]> Known = new Dictionary<BookField, string[]>
    {
        // A file without any of these has its key from the ISBN.
        [BookField.Key] = ["key"],
        [BookField.Title] = ["title", "original_title", "book_title"],
        [BookField.Author] = ["author", LibraryThingAuthor, "book_author"],
        [BookField.Authors] = ["authors", "author_name", "additional_authors"],
        [BookField.Year] =
        [
            "year", "original_publication_year", "first_publish_year", "publication_year", "year_of_publication", "year_published",
            "publish_year", "pubdate", "publish_date", "publication_date",
        ],
        [BookField.Genre] = ["genre", "genres", "tags", "subjects", "subject"],
        [BookField.Isbn] = ["isbn", "isbn13", "isbn_13", "isbn10", "isbn_10", "isbns"],
        [BookField.Description] = ["description", "comments"],
    }.ToFrozenDictionary();

    /// <summary>LibraryThing's name for the date of publication. In a file of another program it may be the date of anything.</summary>
    public const string LibraryThingDate = "date";

    /// <summary>LibraryThing's name for the author.</summary>
    public const string LibraryThingAuthor = "primary_author";

    /// <summary>Columns that tell books apart where there is no ISBN; the first one that a file has is proposed for the key.</summary>
    public static readonly string[] Identifiers = ["book_id", "id", "work_id", "edition_id", "goodreads_book_id", "uuid"];

    /// <summary>The column that makes the key of a file without a key and an ISBN.</summary>
    public const string LastKey = "book_id";

    /// <summary>A name in the form in which names are compared: blanks and hyphens are underscores, and case does not count.</summary>
    public static string Plain(string name) =>
        string.Join('_', name.Split([' ', '_', '-', '\u00A0', '\t'], StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant();
}

using System.Globalization;

namespace OrleansCache;

/// <summary>
/// The key of a book grain: the region, a rank, and the book's key, as in <c>europe/book::1984</c> or <c>europe.2/book::1984</c>.
/// The grain of rank 1 is the normal one; a caller that cannot reach it calls the next rank, which is placed on another silo of the
/// region where there is one.
/// </summary>
/// <param name="Region">The grain's region.</param>
/// <param name="Rank">1 or 2: which of the region's silos, in the rendezvous order of the book.</param>
/// <param name="Book">The book's key.</param>
internal readonly record struct BookGrainKey(string Region, int Rank, string Book)
{
    /// <summary>The highest rank: no caller asks a third silo of a region, and each rank is a grain with an entry of its own.</summary>
    public const int MaxRank = 2;

    /// <summary>The grain's primary key.</summary>
    public override string ToString() =>
        Rank == 1 ? $"{Region}/{Book}" : string.Create(CultureInfo.InvariantCulture, $"{Region}.{Rank}/{Book}");

    /// <summary>Parses a grain's primary key.</summary>
    /// <exception cref="FormatException">The text is not such a key.</exception>
    public static BookGrainKey Parse(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0)
            throw new FormatException($"\"{key}\" is not the key of a book grain; it has the form region/book.");
        var place = key.AsSpan(0, slash);
        var dot = place.IndexOf('.');
        var rank = 1;
        if (dot == 0)
            throw new FormatException($"\"{key}\" is not the key of a book grain: it names no region.");
        if (dot >= 0 && (!int.TryParse(place[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out rank)
            || rank is < 2 or > MaxRank))
            throw new FormatException($"\"{key}\" is not the key of a book grain: its rank is neither left out nor {MaxRank}.");
        return new(place[..(dot < 0 ? slash : dot)].ToString(), rank, key[(slash + 1)..]);
    }
}

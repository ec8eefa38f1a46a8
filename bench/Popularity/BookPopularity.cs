using System.Globalization;
using CsvHelper;

namespace OrleansCache.Bench.Popularity;

/// <summary>How often each book is asked for, as a share of all lookups; and draws of books by it.</summary>
internal sealed class BookPopularity
{
    /// <summary>The exponent of the distribution that is used when there are no ratings.</summary>
    public const double ZipfExponent = 0.9;

    private const string Column = "ratings_count";

    // The sums of all weights up to each book, so that a draw is a search.
    private readonly double[] _sums;

    private BookPopularity(double[] weights, string description)
    {
        Description = description;
        _sums = new double[weights.Length];
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++)
            _sums[i] = sum += weights[i];
    }

    public string Description { get; }

    public int Books => _sums.Length;

    /// <summary>By the number of ratings in a file of the goodbooks-10k data set, or by Zipf's law when no file is given.</summary>
    public static async Task<BookPopularity> LoadAsync(string? file, int books)
    {
        if (file is null)
            return new([.. Enumerable.Range(1, books).Select(rank => Math.Pow(rank, -ZipfExponent))], string.Create(CultureInfo.InvariantCulture, $"Zipf {ZipfExponent}, {books:N0} books"));
        await using var csv = File.OpenRead(file);
        await using var reader = CsvReader.Create(csv, new CsvReaderOptions { Separator = ',' }, leaveOpen: true);
        var weights = new List<double>();
        var column = -1;
        while (weights.Count < books && await reader.ReadAsync(CancellationToken.None))
        {
            if (column < 0 && (column = reader.Headers.ToList().IndexOf(Column)) < 0)
                throw new ArgumentException($"The file has no column {Column}.", nameof(file));
            weights.Add(double.Parse(reader.GetString(column), CultureInfo.InvariantCulture));
        }

        return new([.. weights], string.Create(CultureInfo.InvariantCulture, $"{Column} of the given file, {weights.Count:N0} books"));
    }

    public int Draw(Random random)
    {
        var place = Array.BinarySearch(_sums, random.NextDouble() * _sums[^1]);
        return Math.Min(place < 0 ? ~place : place, _sums.Length - 1);
    }
}

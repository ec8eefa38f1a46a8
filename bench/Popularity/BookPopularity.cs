using System.Globalization;
using CsvHelper;

namespace OrleansCache.Bench.Popularity;

/// <summary>A distribution of lookups over books, and draws from it.</summary>
internal sealed class BookPopularity
{
    /// <summary>The exponent of the Zipf distribution that is used without a file.</summary>
    public const double ZipfExponent = 0.9;

    private const string Column = "ratings_count";

    // Cumulative weights: a draw is a binary search.
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

    /// <summary>Loads the numbers of ratings from books.csv of goodbooks-10k; without a file, a Zipf distribution.</summary>
    public static async Task<BookPopularity> LoadAsync(string? file, int books)
    {
        if (file is null)
        {
            var zipf = Enumerable.Range(1, books).Select(rank => Math.Pow(rank, -ZipfExponent));
            return new([.. zipf], string.Create(CultureInfo.InvariantCulture, $"Zipf {ZipfExponent}, {books:N0} books"));
        }

        await using var csv = File.OpenRead(file);
        await using var reader = CsvReader.Create(csv, new CsvReaderOptions { Separator = ',' }, leaveOpen: true);
        var weights = new List<double>();
        var column = -1;
        while (weights.Count < books && await reader.ReadAsync(CancellationToken.None))
        {
            if (column < 0 && (column = reader.Headers.ToList().IndexOf(Column)) < 0)
                throw new ArgumentException($"The file {file} has no column {Column}; give books.csv of goodbooks-10k.", nameof(file));
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

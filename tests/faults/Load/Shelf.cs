using System.Globalization;

namespace OrleansCache.Tests.Faults.Load;

/// <summary>
/// The books of a fault test and the order of their lookups: mostly popular ones, a few that were never looked up before, and a few that do
/// not exist.
/// </summary>
internal sealed class Shelf
{
    private const int Popular = 300;
    private const int Cold = 40_000;
    private const int ColdPercent = 4;
    private const int AbsentPercent = 1;

    /// <summary>A book outside the load, which a test may edit.</summary>
    public const string Edited = "edited::0";

    private int _nextCold;

    /// <summary>All books, which are in the catalog before the test.</summary>
    public static IEnumerable<KeyedPayload> Books =>
        Enumerable.Range(0, Popular).Select(PopularKey)
            .Concat(Enumerable.Range(0, Cold).Select(ColdKey))
            .Append(Edited)
            .Select(key => new KeyedPayload(key, BookPayload.Encode(new Book(TitleOf(key)!))));

    /// <summary>The title of a book, or null if it must not exist.</summary>
    public static string? TitleOf(string key) => key.StartsWith("absent", StringComparison.Ordinal) ? null : $"The book {key}";

    /// <summary>The key of the next lookup.</summary>
    public string Next(Random random)
    {
        var dice = random.Next(100);
        if (dice < ColdPercent)
            return ColdKey(Interlocked.Increment(ref _nextCold) % Cold);
        if (dice < ColdPercent + AbsentPercent)
            return string.Create(CultureInfo.InvariantCulture, $"absent::{random.Next(100)}");
        // The square makes some far more popular than others.
        var place = random.NextDouble();
        return PopularKey((int)(place * place * Popular));
    }

    private static string PopularKey(int number) => string.Create(CultureInfo.InvariantCulture, $"popular::{number}");

    private static string ColdKey(int number) => string.Create(CultureInfo.InvariantCulture, $"cold::{number}");
}

using System.Globalization;

namespace OrleansCache.Cli.Output;

/// <summary>Formats figures for people.</summary>
internal static class Format
{
    /// <summary>A duration with the unit that suits it: <c>0.42 ms</c>, <c>3.2 s</c>, <c>9:59 min</c>.</summary>
    public static string Duration(TimeSpan time) => time.TotalMilliseconds switch
    {
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.00} ms"),
        < 100 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.0} ms"),
        < 1_000 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms"),
        < 60_000 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalMinutes}:{time.Seconds:00} min"),
    };

    /// <summary>Bytes in KiB or MiB.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):0.0} MiB"),
    };

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    public static string Percent(double part) => string.Create(CultureInfo.InvariantCulture, $"{100 * part:0.0}%");

    public static string Year(int year) => year < 0 ? $"{-year} BC" : year.ToString(CultureInfo.InvariantCulture);

    public static string Tier(Tier tier) => tier.ToString().ToLowerInvariant();

    public static string State(NodeState state) => state.ToString().ToLowerInvariant();

    /// <summary>The text, truncated to the width of a column.</summary>
    public static string Short(string? text, int length) =>
        text is null || text.Length <= length ? text ?? "" : $"{text[..(length - 1)].TrimEnd()}…";

    /// <summary>A count with the right form of its noun: <c>1 book</c>, <c>2 books</c>.</summary>
    public static string Of(long count, string one, string? many = null) => $"{Count(count)} {(count == 1 ? one : many ?? one + "s")}";
}

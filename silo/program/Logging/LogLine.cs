using System.Globalization;

namespace OrleansCache.Silo.Logging;

/// <summary>A line of the log: time, level, text.</summary>
internal static class LogLine
{
    public static string Format(DateTimeOffset time, string level, string text) =>
        string.Create(CultureInfo.InvariantCulture, $"{time:HH:mm:ss.fff} {level} {OneLine(text)}");

    private static string OneLine(string text) =>
        text.AsSpan().IndexOfAny('\r', '\n') < 0 ? text : string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}

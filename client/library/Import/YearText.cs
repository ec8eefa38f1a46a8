using System.Globalization;
using System.Text.RegularExpressions;

namespace OrleansCache.Client.Import;

/// <summary>The year in a field: a number, such as <c>-750</c> or <c>1949.0</c>, or a date that begins or ends with a year.</summary>
internal static partial class YearText
{
    /// <summary>The first year.</summary>
    public const int Earliest = -9999;

    /// <summary>The last year.</summary>
    public const int Latest = 9999;

    // Calibre writes 0101-01-01 where it knows no date; a time zone may have moved that into the year before.
    private const int Unknown = 101;

    /// <summary>Reads a year.</summary>
    /// <param name="text">The text of the field, not empty.</param>
    /// <param name="year">The year; null where the text says that it is not known.</param>
    /// <returns>Whether the text is a year or a date.</returns>
    public static bool TryRead(string text, out int? year)
    {
        year = null;
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out var number))
        {
            if (number != decimal.Truncate(number) || number is < Earliest or > Latest)
                return false;
            year = (int)number;
            return true;
        }

        var date = Date().Match(text);
        if (!date.Success)
            return false;
        var found = int.Parse(date.Groups["year"].Value, CultureInfo.InvariantCulture);
        year = found > Unknown ? found : null;
        return true;
    }

    // 2019-03-05T01:00:00+01:00, 2019/3, 5.3.2019, March 5, 2019, Mar 2019.
    [GeneratedRegex(
        """
        ^(?:(?<year>[0-9]{4})[-/.][0-9]{1,2}(?:[-/.][0-9]{1,2}(?:[T ].*)?)?
        |[0-9]{1,2}[-/.](?:[0-9]{1,2}[-/.])?(?<year>[0-9]{4})
        |(?:[0-9]{1,2}\.?\ )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\p{L}*\.?,?
        [ ](?:[0-9]{1,2}(?:st|nd|rd|th)?,?\ )?(?<year>[0-9]{4}))$
        """,
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture
        | RegexOptions.Singleline)]
    private static partial Regex Date();
}

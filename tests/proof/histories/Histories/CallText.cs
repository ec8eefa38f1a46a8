using System.Globalization;

namespace OrleansCache.Proof.Histories;

/// <summary>
/// A call as one line of text: start, end, client, book, kind, edit, expected version, outcome. Words are separated by a space and escaped
/// as in a URL, so that each stays one word; "-" stands for no word, "()" for an empty one.
/// </summary>
public static class CallText
{
    private const string Nothing = "-";
    private const string Empty = "()";
    private const string Absent = "absent";
    private const string NoVersion = "?";

    public static string Write(Call call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var expected = call.Expected?.ToString(CultureInfo.InvariantCulture) ?? Nothing;
        var edit = call.Edit is null ? Nothing : '\'' + Word(call.Edit) + '\'';
        return $"{Time(call.Start)} {Time(call.End)} {Word(call.Client)} {Word(call.Book)} {call.Kind} {edit} {expected} "
            + Write(call.Outcome);
    }

    /// <summary>Parses the result of <see cref="Write(Call)"/>.</summary>
    /// <exception cref="FormatException">The line is not a call.</exception>
    public static Call Read(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 8 || !Enum.TryParse<CallKind>(words[4], out var kind))
            throw new FormatException($"\"{line}\" is not a call.");
        return new Call(Unword(words[2]), Unword(words[3]), kind, Time(words[0]), Time(words[1]), ReadOutcome(words[7..], line))
        {
            Edit = words[5] == Nothing ? null : Unword(words[5].Trim('\'')),
            Expected = words[6] == Nothing ? null : long.Parse(words[6], CultureInfo.InvariantCulture),
        };
    }

    private static string Write(Outcome outcome) => outcome switch
    {
        Outcome.Saw saw =>
            $"saw {Write(saw.Identity)} {(saw.Content is null ? Absent : '\'' + Word(saw.Content) + '\'')}"
            + (saw.Flag is null ? "" : ' ' + Word(saw.Flag)),
        Outcome.Acked acked => $"acked {Write(acked.Identity)}",
        Outcome.Unchanged unchanged => $"unchanged {Write(unchanged.Identity)}",
        Outcome.Conflict conflict => $"conflict {Write(conflict.Identity)}",
        Outcome.Failed => "failed",
        _ => "unknown",
    };

    private static Outcome ReadOutcome(string[] words, string line) => words switch
    {
        ["saw", var identity, var content, .. var flag] when flag.Length < 2 => new Outcome.Saw(
            ReadIdentity(identity), content == Absent ? null : Unword(content.Trim('\'')), flag.Length == 0 ? null : Unword(flag[0])),
        ["acked", var identity] => new Outcome.Acked(ReadIdentity(identity)),
        ["unchanged", var identity] => new Outcome.Unchanged(ReadIdentity(identity)),
        ["conflict", var identity] =>
            new Outcome.Conflict(ReadIdentity(identity) ?? throw new FormatException($"\"{line}\" is a conflict without a row.")),
        ["failed"] => new Outcome.Failed(),
        ["unknown"] => new Outcome.Unknown(),
        _ => throw new FormatException($"\"{line}\" has an unknown kind of outcome."),
    };

    private static string Write(Identity? identity) =>
        identity is not { } known ? NoVersion
        : known.Version.ToString(CultureInfo.InvariantCulture) + (known.Tag.Length == 0 ? "" : $"/{Word(known.Tag)}");

    private static Identity? ReadIdentity(string word)
    {
        if (word == NoVersion)
            return null;
        var slash = word.IndexOf('/', StringComparison.Ordinal);
        return slash < 0
            ? new Identity(long.Parse(word, CultureInfo.InvariantCulture), "")
            : new Identity(long.Parse(word.AsSpan(0, slash), provider: CultureInfo.InvariantCulture), Unword(word[(slash + 1)..]));
    }

    // A decimal holds every tick exactly; a double would not on a machine with a long uptime.
    private static string Time(TimeSpan time) =>
        (time.Ticks / (decimal)TimeSpan.TicksPerSecond).ToString("0.0000000", CultureInfo.InvariantCulture);

    private static TimeSpan Time(string word) =>
        TimeSpan.FromTicks((long)(decimal.Parse(word, CultureInfo.InvariantCulture) * TimeSpan.TicksPerSecond));

    private static string Word(string text) => text.Length == 0 ? Empty : Uri.EscapeDataString(text);

    private static string Unword(string word) => word == Empty ? "" : Uri.UnescapeDataString(word);
}

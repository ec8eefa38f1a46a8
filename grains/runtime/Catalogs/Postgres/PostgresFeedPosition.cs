using System.Globalization;

namespace OrleansCache.Catalogs;

/// <summary>
/// A position of a PostgreSQL catalog: the server's run, and what a reader could see there. Written as
/// <c>1796094808.910791-16385 733:738:734,736</c>, a snapshot as PostgreSQL writes it.
/// </summary>
/// <param name="Server">
/// When the server was started, and the table's number: others after a restart, in which a server may become another one or be restored
/// from a backup, and after the table was created anew from a dump.
/// </param>
/// <param name="Next">Later transactions had not ended.</param>
/// <param name="Open">Earlier transactions that had not ended.</param>
internal sealed record PostgresFeedPosition(string Server, ulong Next, ulong[] Open)
{
    /// <summary>The position that nothing comes after.</summary>
    public static PostgresFeedPosition End { get; } = new("", ulong.MaxValue, []);

    public static FeedPosition Of(string server, string snapshot) => new($"{server} {snapshot}");

    /// <summary>The position; null if it is not one of a PostgreSQL catalog.</summary>
    public static PostgresFeedPosition? Parse(FeedPosition position)
    {
        if (position.Text.Split(' ') is not [var server, var snapshot] || snapshot.Split(':') is not [_, var next, var open]
            || Number(next) is not { } end)
            return null;
        var numbers = open.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Number).ToArray();
        return numbers.All(number => number is not null) ? new(server, end, [.. numbers.Select(number => number!.Value)]) : null;
    }

    private static ulong? Number(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

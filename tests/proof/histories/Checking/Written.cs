using OrleansCache.Proof.Histories;

namespace OrleansCache.Proof.Checking;

/// <summary>Histories written by hand, in the text format but without the book: "start end client kind edit expected outcome".</summary>
internal static class Written
{
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    public static IReadOnlyList<Call> History(string lines) =>
        [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line =>
    {
        var words = line.Split(' ', 4, StringSplitOptions.RemoveEmptyEntries);
        return CallText.Read($"{words[0]} {words[1]} {words[2]} book {words[3]}");
    })];

    public static Verdict Verdict(string lines, bool ownersChange = false) =>
        Proof.Histories.Verdict.On(History(lines), Lease, ownersChange);

    public static void Holds(string lines)
    {
        var verdict = Verdict(lines);
        Assert.True(verdict.Holds, verdict.ToString());
    }

    /// <summary>Asserts that exactly these promises are broken, and returns the first violation.</summary>
    public static Violation Breaks(string lines, params Promise[] promises)
    {
        var verdict = Verdict(lines);
        Assert.Equal(promises.Order(), verdict.Violations.Select(violation => violation.Promise).Order());
        return verdict.Violations.First(violation => violation.Promise == promises[0]);
    }
}

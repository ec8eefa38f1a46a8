using System.Text;

namespace OrleansCache.Proof.Histories;

/// <summary>A broken promise, with the calls that prove it.</summary>
public sealed class Violation
{
    internal Violation(Promise promise, string book, string reason, params IEnumerable<Call?> calls)
    {
        (Promise, Book, Reason) = (promise, book, reason);
        Calls = [.. calls.OfType<Call>().Distinct().OrderBy(call => call.Start).ThenBy(call => call.End)];
    }

    public Promise Promise { get; }

    public string Book { get; }

    /// <summary>Why the calls contradict each other.</summary>
    public string Reason { get; }

    /// <summary>The contradictory calls, in time order.</summary>
    public IReadOnlyList<Call> Calls { get; }

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder($"{Promise}, {Book}: {Reason}");
        foreach (var call in Calls)
            text.Append("\n    ").Append(call);
        return text.ToString();
    }
}

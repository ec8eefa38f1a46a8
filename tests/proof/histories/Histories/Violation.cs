using System.Text;

namespace OrleansCache.Proof.Histories;

/// <summary>A promise that was not kept, and the calls that show it.</summary>
public sealed class Violation
{
    internal Violation(Promise promise, string book, string reason, params IEnumerable<Call?> calls)
    {
        (Promise, Book, Reason) = (promise, book, reason);
        Calls = [.. calls.OfType<Call>().Distinct().OrderBy(call => call.Start).ThenBy(call => call.End)];
    }

    /// <summary>Which promise.</summary>
    public Promise Promise { get; }

    /// <summary>Which book.</summary>
    public string Book { get; }

    /// <summary>Why the calls cannot all be true.</summary>
    public string Reason { get; }

    /// <summary>The calls that contradict each other, in time order.</summary>
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

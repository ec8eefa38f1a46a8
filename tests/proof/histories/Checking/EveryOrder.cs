using OrleansCache.Proof.Histories;

namespace OrleansCache.Proof.Checking;

/// <summary>
/// A brute-force check for histories of a few calls without tags and without SQL: tries every order of the calls that their times allow, on
/// a register that holds a version and a content. Each edit that is made raises the version by one.
/// </summary>
internal sealed class EveryOrder
{
    private readonly Call[] _calls;

    private EveryOrder(IEnumerable<Call> calls) => _calls = [.. calls.Where(call => call.Outcome is not Outcome.Failed)];

    public static bool Fits(IEnumerable<Call> calls)
    {
        var search = new EveryOrder(calls);
        return search.Fits((1u << search._calls.Length) - 1, 0, null);
    }

    private bool Fits(uint left, long version, string? content)
    {
        if (Left(left).All(call => call.Outcome is Outcome.Unknown))
            return true;
        for (var i = 0; i < _calls.Length; i++)
        {
            var call = _calls[i];
            if ((left & (1u << i)) == 0 || Left(left).Any(other => other.Outcome is not Outcome.Unknown && other.End < call.Start))
                continue;
            if (After(call, version, content) is { } after && Fits(left & ~(1u << i), after.Version, after.Content))
                return true;
        }

        return false;
    }

    private IEnumerable<Call> Left(uint left) => _calls.Where((_, i) => (left & (1u << i)) != 0);

    /// <summary>What the register holds after a call that takes effect now; null if it cannot.</summary>
    private static (long Version, string? Content)? After(Call call, long version, string? content)
    {
        var met = call.Expected switch { null => true, 0 => content is null, var expected => content is not null && version == expected };
        return call.Outcome switch
        {
            Outcome.Saw saw when saw.Content == content && (saw.Identity is null || saw.Identity?.Version == version) => (version, content),
            Outcome.Conflict(var identity) when !met && identity.Version == version => (version, content),
            Outcome.Acked(Identity: { } identity) when met && identity.Version == version + 1 => Written(),
            Outcome.Unknown when met => Written(),
            _ => null,
        };

        (long, string?) Written() => (version + 1, call.IsRemoval ? null : call.Edit);
    }
}

using FsCheck;
using FsCheck.Fluent;
using OrleansCache.Proof.Histories;
using OrleansCache.Proof.Schedules;
using Outcome = OrleansCache.Proof.Histories.Outcome;

namespace OrleansCache.Proof.Checking;

/// <summary>Compares the checker with the brute-force check, on small histories of which about half are true.</summary>
public sealed class EveryOrderTests
{
    [Fact]
    public void The_checker_agrees_with_the_brute_force_check()
    {
        var (fitting, not) = (0, 0);
        Prop.ForAll(ArbMap.Default.ArbFor<ulong>(), seed =>
        {
            var calls = Some(new SplitMix64(seed));
            var verdict = Verdict.On(calls, Written.Lease);
            var fits = EveryOrder.Fits(calls);
            _ = fits ? fitting++ : not++;
            // The checker does not exhaust what unseen edits of unknown outcome may have done between two versions.
            var agrees = verdict.Keeps(Promise.Linearizable) == fits || (!fits && HasUnseenEdit(calls));
            return agrees.Label($"{(fits ? "fits" : "does not fit")}, {verdict}\n{string.Join("\n", calls)}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
        Assert.True(fitting > 300 && not > 300, $"{fitting} fit, {not} do not.");
    }

    private static bool HasUnseenEdit(List<Call> calls) =>
        calls.Exists(
            call => call.Outcome is Outcome.Unknown && !calls.Exists(read => read.Outcome is Outcome.Saw saw && saw.Content == call.Edit));

    private static List<Call> Some(SplitMix64 random)
    {
        List<Call> calls = [new("w", "book", CallKind.Put, TimeSpan.Zero, TimeSpan.Zero, new Outcome.Acked(new(1, ""))) { Edit = "e1" }];
        List<string?> contents = [null, "e1"];
        for (var version = 2; version < 2 + random.Below(4); version++)
        {
            // A row that repeats the one before it, which no edit does.
            if (random.Below(12) == 0)
            {
                contents.Add(contents[^1]);
                continue;
            }

            var removes = random.Below(3) == 0;
            var edit = $"e{version}";
            contents.Add(removes ? null : edit);
            long? expected = random.Below(6) switch { 0 => 0, 1 => 1, 2 => version - 1, _ => null };
            Outcome outcome = random.Below(4) == 0 ? new Outcome.Unknown() : new Outcome.Acked(new(version, ""));
            calls.Add(
                Sometime(random, removes ? CallKind.Remove : CallKind.Put, outcome, version) with { Edit = edit, Expected = expected });
        }

        for (var left = 1 + random.Below(3); left > 0; left--)
        {
            var version = random.Below(contents.Count);
            if (random.Below(4) == 0)
                calls.Add(Sometime(random, CallKind.Put, new Outcome.Conflict(new(version, "")), version)
                    with { Edit = $"c{left}", Expected = random.Below(contents.Count) });
            else
                calls.Add(Sometime(random, CallKind.Read, Seen(random, version, contents[version]), version));
        }

        return calls;
    }

    // A caller that sees no book may be told the version that removed it.
    private static Outcome.Saw Seen(SplitMix64 random, int version, string? content) =>
        new(content is null && random.Below(2) == 0 ? null : new(version, ""), content);

    // Near the time at which the version would be current if each lasted two seconds.
    private static Call Sometime(SplitMix64 random, CallKind kind, Outcome outcome, int version)
    {
        var start = Math.Max(0, 2 * version - 3 + random.Below(4));
        return new Call("c", "book", kind, TimeSpan.FromSeconds(start), TimeSpan.FromSeconds(start + random.Below(4)), outcome);
    }
}

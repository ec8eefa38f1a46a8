using FsCheck;
using FsCheck.Fluent;
using OrleansCache.Proof.Histories;
using Outcome = OrleansCache.Proof.Histories.Outcome;

namespace OrleansCache.Proof.Checking;

/// <summary>True histories are accepted, and refused after they were made untrue.</summary>
public sealed class AtomicBookTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(200);

    private static readonly Arbitrary<IReadOnlyList<Call>> SomeHistory = (
        from seed in ArbMap.Default.GeneratorFor<ulong>()
        from clients in Gen.Choose(1, 6)
        from calls in Gen.Choose(1, 30)
        select AtomicBook.Lived(seed, clients, calls)).ToArbitrary();

    [Fact]
    public void True_histories_are_accepted() => Prop.ForAll(SomeHistory, calls =>
    {
        var verdict = Verdict.On(calls, Written.Lease);
        return verdict.Holds.Label($"{verdict}\n{Text(calls)}");
    }).Check(Many);

    [Fact]
    public void They_are_accepted_in_any_order_and_after_a_round_trip_through_text() => Prop.ForAll(SomeHistory, calls =>
    {
        var kept = HistoryText.Read(new StringReader(Text(calls.Reverse())));
        return kept.SequenceEqual(calls.Reverse()).And(() => Verdict.On(kept, Written.Lease).Holds);
    }).Check(Many);

    [Fact]
    public void A_stale_read_is_refused() => Untrue(
        (read, _, overwriting) => overwriting.End < read.Start && !overwriting.IsSql,
        Promise.Linearizable);

    [Fact]
    public void A_read_older_than_a_lease_is_refused() => Untrue(
        (read, _, overwriting) => overwriting.End < read.Start - Written.Lease,
        Promise.Bounded);

    [Fact]
    public void A_read_of_what_the_client_knows_to_be_overwritten_is_refused() => Untrue(
        (read, _, overwriting) => overwriting.End < read.Start && overwriting.Client == read.Client && !overwriting.IsSql,
        Promise.Monotonic);

    [Fact]
    public void A_read_of_what_is_yet_to_be_written_is_refused() => Untrue(
        (read, written, _) => written is not null && written.Start > read.End,
        Promise.Linearizable);

    [Fact]
    public void Versions_that_no_edit_wrote_are_refused()
    {
        var changed = 0;
        Prop.ForAll(SomeHistory, calls =>
        {
            // As many edits may have been made that no answer shows; one version more than that is missing.
            var missing = 1 + calls.Where(call => call.Outcome is Outcome.Unknown or Outcome.Acked { Identity: null })
                .DistinctBy(call => call.Edit).Count();
            var from = calls.Max(call => call.Identity?.Version) - 1 ?? 0;
            if (from <= 0 || calls.All(call => call.Identity is not { } row || row.Version > from))
                return true.ToProperty();
            changed++;
            var mutated = calls.Select(call => Raised(call, from, missing)).ToList();
            var verdict = Verdict.On(mutated, Written.Lease);
            return (!verdict.Keeps(Promise.Linearizable)).Label($"{from} + {missing}\n{verdict}\n{Text(mutated)}");
        }).Check(Many);
        Assert.True(changed > 20, $"Only {changed} histories could be made untrue.");
    }

    private static Call Raised(Call call, long from, long by)
    {
        Identity? raised = call.Identity is { } identity && identity.Version > from
            ? identity with { Version = identity.Version + by }
            : call.Identity;
        return call with
        {
            Expected = call.Expected > from ? call.Expected + by : call.Expected,
            Outcome = call.Outcome switch
            {
                Outcome.Saw saw => new Outcome.Saw(raised, saw.Content, saw.Flag),
                Outcome.Acked => new Outcome.Acked(raised),
                Outcome.Unchanged => new Outcome.Unchanged(raised),
                Outcome.Conflict => new Outcome.Conflict(raised!.Value),
                var other => other,
            },
        };
    }

    // Replaces the row of a plain answer by another one for which the condition holds of the read, the row's edit and a later edit.
    private static void Untrue(Func<Call, Call?, Call, bool> condition, Promise promise)
    {
        var changed = 0;
        Prop.ForAll(SomeHistory, calls =>
        {
            var edits = calls.Where(call => call.Outcome is Outcome.Acked { Identity: not null }).DistinctBy(call => call.Edit).ToList();
            var begun = calls.Where(call => call.Edit is not null).DistinctBy(call => call.Edit).ToDictionary(call => call.Edit!);
            var written = edits.ToDictionary(edit => edit.Identity!.Value, edit => begun[edit.Edit!]);
            var reads = calls.Where(call => call.Outcome is Outcome.Saw { Flag: null, Identity: not null }).ToList();
            var untrue = (from other in reads.DistinctBy(read => read.Identity)
                          from overwriting in edits
                          where overwriting.Identity!.Value.Version > other.Identity!.Value.Version
                          from read in reads
                          where other.Identity != read.Identity
                              && condition(read, written.GetValueOrDefault(other.Identity!.Value), overwriting)
                          select (read, other)).FirstOrDefault();
            if (untrue.read is null)
                return true.ToProperty();
            changed++;
            var mutated = calls.Select(
                call => ReferenceEquals(call, untrue.read) ? call with { Outcome = untrue.other.Outcome } : call).ToList();
            var verdict = Verdict.On(mutated, Written.Lease);
            return (!verdict.Keeps(promise)).Label($"{untrue.read} as {untrue.other.Outcome}\n{verdict}\n{Text(mutated)}");
        }).Check(Many);
        Assert.True(changed > 20, $"Only {changed} histories could be made untrue.");
    }

    private static string Text(IEnumerable<Call> calls)
    {
        var writer = new StringWriter();
        HistoryText.Write(writer, calls, "a history");
        return writer.ToString();
    }
}

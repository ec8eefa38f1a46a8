using OrleansCache.Configuration;
using OrleansCache.Leases;
using OrleansCache.Owners;

namespace OrleansCache.Tests.Owners;

public sealed class RecentEditsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    public void A_read_that_began_before_an_edit_is_detected_for_as_long_as_it_could_yield_a_lease(int cooldown)
    {
        var edits = Edits(cooldown);
        var observedCount = edits.Count;
        edits.Note("edited", now: 1_000);

        for (var i = 0; i < 10; i++)
            edits.Note($"other {i}", now: 1_000 + (i * 1_000));
        Assert.True(edits.BeganSince("edited", observedCount));
        Assert.False(edits.BeganSince("edited", edits.Count));
        Assert.False(edits.BeganSince("untouched", observedCount));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 5_000)]
    [InlineData(60, 60_000)]
    public void A_book_is_past_its_cooldown_after_the_configured_time_without_edits(int cooldown, long from)
    {
        var edits = Edits(cooldown);
        Assert.True(edits.IsPastCooldown("edited", now: 0));

        edits.Note("edited", now: 1_000);

        Assert.Equal(from == 0, edits.IsPastCooldown("edited", now: 1_000));
        Assert.False(from > 0 && edits.IsPastCooldown("edited", 999 + from));
        Assert.True(edits.IsPastCooldown("edited", 1_000 + from));
    }

    [Fact]
    public void After_an_overflow_every_key_counts_as_edited()
    {
        var edits = Edits(cooldown: 0);
        var observedCount = edits.Count;

        for (var i = 0; i < 5_000; i++)
            edits.Note($"book {i}", now: 1_000);

        Assert.True(edits.BeganSince("untouched", observedCount));
        Assert.False(edits.BeganSince("untouched", edits.Count));
    }

    private static RecentEdits Edits(int cooldown) =>
        new(new LeaseTimes(new LeaseOptions { NearCacheCooldownAfterWrite = TimeSpan.FromSeconds(cooldown) }));
}

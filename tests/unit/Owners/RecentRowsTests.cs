using Microsoft.Extensions.Options;
using OrleansCache.Configuration;
using OrleansCache.Owners;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Owners;

public sealed class RecentRowsTests
{
    private readonly ManualClock _clock = new();
    private readonly RecentRows _rows;
    private readonly object _owner = new();

    public RecentRowsTests() => _rows = Rows(TimeSpan.FromMinutes(10));

    [Fact]
    public void A_row_is_remembered_for_two_seconds_from_the_start_of_its_read()
    {
        var row = Row("book");
        _clock.Advance(TimeSpan.FromMilliseconds(500));
        _rows.Remember(_owner, "book", row);

        _clock.Advance(TimeSpan.FromMilliseconds(1_499));
        Assert.Same(row, _rows.Find(_owner, "book"));
        Assert.Equal(TimeSpan.FromMilliseconds(1_999), row.Age(_clock));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(_rows.Find(_owner, "book"));
    }

    [Fact]
    public void With_a_short_time_to_live_it_is_remembered_for_a_quarter_of_that()
    {
        var rows = Rows(TimeSpan.FromSeconds(2));
        rows.Remember(_owner, "book", Row("book"));

        _clock.Advance(TimeSpan.FromMilliseconds(499));
        Assert.NotNull(rows.Find(_owner, "book"));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(rows.Find(_owner, "book"));
    }

    [Fact]
    public void An_absence_is_remembered_too()
    {
        var absence = new CatalogRow(CachedRow.Never("book"), _clock.Now);
        _rows.Remember(_owner, "book", absence);

        Assert.Same(absence, _rows.Find(_owner, "book"));
    }

    [Fact]
    public void Another_owner_of_the_slot_does_not_get_it()
    {
        _rows.Remember(_owner, "book", Row("book"));

        Assert.Null(_rows.Find(new object(), "book"));
    }

    [Fact]
    public void Forgotten_rows_are_gone_and_the_others_stay()
    {
        foreach (var book in new[] { "a", "b", "c" })
            _rows.Remember(_owner, book, Row(book));
        var other = new object();
        _rows.Remember(other, "d", Row("d"));

        _rows.Forget(["a", "unknown"]);
        Assert.Equal([false, true, true], new[] { "a", "b", "c" }.Select(book => _rows.Find(_owner, book) is not null));
        _rows.ForgetAll(_owner);
        Assert.All(new[] { "a", "b", "c" }, book => Assert.Null(_rows.Find(_owner, book)));
        Assert.NotNull(_rows.Find(other, "d"));
    }

    [Fact]
    public void A_later_row_replaces_an_earlier_one_and_outlives_it()
    {
        _rows.Remember(_owner, "book", Row("book"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        var later = Row("book");
        _rows.Remember(_owner, "book", later);

        _clock.Advance(TimeSpan.FromMilliseconds(1_500));

        Assert.Same(later, _rows.Find(_owner, "book"));
    }

    [Fact]
    public void The_oldest_leave_when_there_are_too_many_bytes()
    {
        for (var i = 0; i < 1_000; i++)
            _rows.Remember(_owner, $"book {i}", Row($"book {i}", bytes: 60_000));

        var left = Enumerable.Range(0, 1_000).Where(i => _rows.Find(_owner, $"book {i}") is not null).ToArray();
        Assert.InRange(left.Length * 60_000L, 14_000_000, 16 * 1024 * 1024);
        Assert.Equal(Enumerable.Range(1_000 - left.Length, left.Length), left);
    }

    private RecentRows Rows(TimeSpan timeToLive) => new(_clock, Options.Create(new CacheOptions { TimeToLive = timeToLive }));

    private CatalogRow Row(string book, int bytes = 100) => new(new(book, new(1, Guid.NewGuid()), new byte[bytes]), _clock.Now);
}

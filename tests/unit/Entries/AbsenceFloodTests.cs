using OrleansCache.Entries;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Entries;

/// <summary>Keys that do not exist, far more of them than there is room for, beside books that are read.</summary>
public sealed class AbsenceFloodTests : IAsyncLifetime
{
    private const long Budget = 10_000_000;
    private const int Books = 3_000;

    private readonly ManualClock _clock = new();
    private readonly LeasedEntryTable _table;

    public AbsenceFloodTests() => _table = new(_clock, Budget, slots: 64);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _table.DisposeAsync().AsTask();

    [Fact]
    public void Unknown_keys_push_no_book_out_and_keep_to_their_share()
    {
        Assert.Equal(0, ReadBooks());

        for (var flood = 0; flood < 20; flood++)
        {
            // With 30 s to live, as absences have; five thousand in a second.
            for (var i = 0; i < 5_000; i++)
                Assert.True(Keep($"unknown {flood} {i}", payload: null));
            Assert.Equal(Books, ReadBooks());
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        var held = _table.Statistics();
        Assert.Equal(Books, held.Copies);
        Assert.InRange(held.Absences, 1, Budget / 20 / TestEntries.OwnBytes);
    }

    [Fact]
    public void The_absences_that_were_asked_for_last_stay()
    {
        for (var i = 0; i < 280; i++)
        {
            Assert.True(Keep($"unknown {i}", payload: null));
            if (_table.Find("unknown 0") is { } wanted)
                _table.Touch(wanted);
            _clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.NotNull(_table.Find("unknown 0"));
        Assert.NotNull(_table.Find("unknown 279"));
        Assert.Null(_table.Find("unknown 20"));
    }

    [Fact]
    public void An_absence_that_becomes_a_book_takes_no_share_of_the_absences_any_more_and_the_other_way_round()
    {
        var most = Enumerable.Range(0, 1_000).TakeWhile(i => Keep($"book {i}", payload: null) && Evictions() == 0).Count();
        for (var i = 0; i < most; i++)
        {
            var token = _table.Revoke([$"book {i}"]).Tokens[0];
            Assert.Equal(i > 0, _table.TryTake(TestEntries.Row($"book {i}", 100, version: 2), token, Lifetime()));
        }

        for (var i = 0; i < most - 1; i++)
            Assert.True(Keep($"none {i}", payload: null));
        Assert.Equal(1, Evictions());
        Assert.Equal(most - 1, _table.Statistics().Copies);

        for (var i = 1; i < most; i++)
            _table.TryTake(TestEntries.Row($"book {i}", null, version: 3), _table.Revoke([$"book {i}"]).Tokens[0], Lifetime());

        var held = _table.Statistics();
        Assert.Equal(0, held.Copies);
        Assert.InRange(held.Absences, most - 2, most);
    }

    private long Evictions() => _table.Statistics().Evictions;

    private EntryLifetime Lifetime() => new(TestEntries.Volume(long.MaxValue), Since: 0, _clock.Now + 600_000);

    /// <summary>Reads all books, and keeps those that are not there.</summary>
    /// <returns>How many were there.</returns>
    private int ReadBooks()
    {
        var hits = 0;
        for (var i = 0; i < Books; i++)
        {
            if (_table.Find($"book {i}") is { } entry)
            {
                _table.Touch(entry);
                hits++;
            }
            else
            {
                Assert.True(Keep($"book {i}", payload: 100));
            }
        }

        return hits;
    }

    private bool Keep(string key, int? payload)
    {
        var ends = _clock.Now + (payload is null ? 30_000 : 600_000);
        return _table.TryKeep(TestEntries.Make(null, key, payload, ends), _table.Epoch(key));
    }
}

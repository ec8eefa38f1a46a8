using OrleansCache.Client;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Client;

/// <summary>Keys that are not in the spelling of <see cref="BookKey"/>, and books that stand under such in an older catalog.</summary>
public sealed class SpellingTests : IAsyncDisposable
{
    private const string Kept = "book::9780439023481";
    private const string Given = "book::0439023483";
    private const string WithoutZero = "book::439023483";

    private static readonly Book Book = new("The Hunger Games");

    private readonly ClientScene _scene = ClientScene.WithoutNearCache();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Theory]
    [InlineData(Given)]
    [InlineData(Kept)]
    [InlineData("Book::0-439-02348-3")]
    [InlineData(" book::978-0-439-02348-1 ")]
    public async Task Every_form_of_an_ISBN_is_one_book(string key)
    {
        Assert.Equal(Kept, (await _scene.Cache.PutAsync(key, Book)).Key);

        var found = await _scene.Cache.GetAsync(key);
        var many = await _scene.Cache.GetManyAsync([key, Kept, "book::none", key]);
        var removed = await _scene.Cache.RemoveAsync(key);

        Assert.Equal((Kept, true), (found.Key, found.Found));
        Assert.Equal([(Kept, true), (Kept, true), ("book::none", false), (Kept, true)], many.Select(result => (result.Key, result.Found)));
        Assert.Equal((Kept, EditOutcome.Removed), (removed.Key, removed.Outcome));
        Assert.False((await _scene.Cache.GetAsync(key)).Found);
    }

    [Fact]
    public async Task A_book_of_an_older_catalog_is_found_changed_and_removed_under_the_spelling_that_it_has()
    {
        _scene.Cluster.Put(Given, 3, "Old");

        Assert.Equal((Given, "Old"), KeyAndTitle(await _scene.Cache.GetAsync(Given)));
        Assert.Equal((Given, "Old"), KeyAndTitle((await _scene.Cache.GetManyAsync([Kept, Given]))[1]));
        var put = await _scene.Cache.PutAsync(Given, Book, new() { ExpectedVersion = 3 });
        Assert.Equal((Given, EditOutcome.Updated, 4), (put.Key, put.Outcome, put.Version));
        Assert.Equal((Given, EditOutcome.Removed), await RemoveAsync(Given));
        Assert.False((await _scene.Cache.GetAsync(Given)).Found);
    }

    [Fact]
    public async Task The_kept_spelling_wins_and_a_removal_does_not_bring_an_older_book_to_light()
    {
        _scene.Cluster.Put(Given, 3, "Old");
        _scene.Cluster.Put(Kept, 1, "New");

        Assert.Equal((Kept, "New"), KeyAndTitle(await _scene.Cache.GetAsync(Given)));
        Assert.Equal((Kept, "New"), KeyAndTitle((await _scene.Cache.GetManyAsync([Given]))[0]));
        Assert.Equal((Kept, EditOutcome.Removed), await RemoveAsync(Given));
        Assert.False((await _scene.Cache.GetAsync(Given)).Found);
    }

    [Theory]
    [InlineData(Given, true)]
    [InlineData(WithoutZero, false)]
    public async Task What_a_near_cache_holds_under_another_spelling_is_not_taken_for_what_the_key_means(string key, bool exists)
    {
        await using var scene = await ClientScene.JoinedAsync();
        if (exists)
            scene.Cluster.Put(key, 3, "Old");
        await scene.GetAsync(key);
        await scene.GetAsync(key);
        Assert.True(scene.Near.Statistics is { Copies: > 0 } or { Absences: > 0 });

        scene.Cluster.Put(Kept, 1, "New");
        scene.Cluster.Revoke(Kept);

        Assert.Equal((Kept, "New"), KeyAndTitle(await scene.GetAsync(key)));
        Assert.Equal(Tier.Near, (await scene.GetAsync(key)).Tier);
    }

    [Fact]
    public async Task A_number_that_may_have_lost_a_zero_finds_its_book_and_is_a_key_of_its_own_to_edits()
    {
        _scene.Cluster.Put(Kept, 1, "By its ISBN");

        Assert.Equal((Kept, "By its ISBN"), KeyAndTitle(await _scene.Cache.GetAsync(WithoutZero)));
        Assert.Equal((Kept, "By its ISBN"), KeyAndTitle((await _scene.Cache.GetManyAsync([WithoutZero]))[0]));
        Assert.Equal(WithoutZero, (await _scene.Cache.RemoveAsync(WithoutZero)).Key);
        Assert.Equal(WithoutZero, (await _scene.Cache.PutAsync(WithoutZero, Book)).Key);

        Assert.Equal((WithoutZero, Book.Title), KeyAndTitle(await _scene.Cache.GetAsync(WithoutZero)));
        Assert.Equal((WithoutZero, Book.Title), KeyAndTitle((await _scene.Cache.GetManyAsync(["book::none", WithoutZero]))[1]));
        Assert.Equal((Kept, "By its ISBN"), KeyAndTitle(await _scene.Cache.GetAsync(Kept)));
    }

    [Fact]
    public async Task A_version_that_is_asked_for_may_be_that_of_either()
    {
        _scene.Cluster.Put(Given, 3, "Old");

        var lookup = _scene.Cache.GetAsync(Given, new() { AtLeast = 3 }).AsTask();
        await Eventually.IsTrueAsync(
            () =>
            {
                _scene.Time.Advance(TimeSpan.FromMilliseconds(10));
                return lookup.IsCompleted;
            },
            "the lookup to end");

        Assert.Equal((Given, "Old"), KeyAndTitle(await lookup));
    }

    [Fact]
    public async Task An_edit_does_not_follow_a_flagged_answer()
    {
        _scene.Cluster.Put(Given, 3, "Old");
        foreach (var region in _scene.Map.Names)
            _scene.Cluster.Regions[region] = _scene.Cluster.Answers(LookupFlags.Stale);

        await EndsAsync(_scene.Cache.PutAsync(Given, Book));

        Assert.Empty(_scene.Cluster.Edits);

        async Task EndsAsync(Task edit)
        {
            await Eventually.IsTrueAsync(
                () =>
                {
                    _scene.Time.Advance(TimeSpan.FromMilliseconds(10));
                    return edit.IsCompleted;
                },
                "the edit to end");
            await Assert.ThrowsAsync<LookupFailedException>(() => edit);
        }
    }

    [Fact]
    public async Task Conditions_that_contradict_each_other_are_refused_before_anything_is_sent()
    {
        await Assert.ThrowsAsync<ArgumentException>(
            () => _scene.Cache.PutAsync(Given, Book, new() { ExpectedVersion = 3, CreateOnly = true }));

        Assert.Empty(_scene.Cluster.Asked);
    }

    [Fact]
    public async Task An_invisible_character_is_named()
    {
        foreach (var call in (Func<Task>[])
        [
            () => _scene.Cache.GetAsync("book::1984\u200B").AsTask(),
            () => _scene.Cache.GetManyAsync(["book::1984", "book::1984\u200B"]),
            () => _scene.Cache.PutAsync("book::1984\u200B", Book),
            () => _scene.Cache.RemoveAsync("book::1984\u200B"),
        ])
        {
            Assert.Contains("U+200B", (await Assert.ThrowsAsync<InvalidKeyException>(call)).Message, StringComparison.Ordinal);
        }

        Assert.Empty(_scene.Cluster.Asked);
    }

    private static (string, string?) KeyAndTitle(LookupResult result) => (result.Key, result.Book?.Title);

    private async Task<(string, EditOutcome)> RemoveAsync(string key)
    {
        var receipt = await _scene.Cache.RemoveAsync(key);
        return (receipt.Key, receipt.Outcome);
    }
}

using System.Text;
using OrleansCache.Catalogs;

namespace OrleansCache.Tests.Catalogs;

/// <summary>What every <see cref="ICatalog"/> must do.</summary>
public abstract partial class BookCatalogContract(TestDatabase database) : CatalogContract(database)
{
    [CatalogFact]
    public async Task What_was_stored_is_read_back()
    {
        var book = new Book("1984", "George Orwell", 1949, "Dystopia", "9780451524935", "Big Brother is watching.");
        var write = new KeyedPayload("book::1984", BookPayload.Encode(book));

        Assert.Equal([EditOutcome.Created], await StoreAsync(write));

        var row = Assert.Single(await ReadAsync("book::1984"));
        Assert.Equal("book::1984", row.Key);
        Assert.Equal(1, row.Identity.Version);
        Assert.NotEqual(Guid.Empty, row.Identity.Tag);
        Assert.Equal(Text(write.Payload), Text(row.Payload));
    }

    [CatalogFact]
    public async Task Results_have_the_order_of_the_keys()
    {
        await StoreAsync(Book("book::a", "A"), Book("book::b", "B"));

        string[] keys = ["book::none", "book::b", "book::a", "book::b", "book::none"];
        var rows = await ReadAsync(keys);

        Assert.Equal(keys, rows.Select(row => row.Key));
        Assert.Equal(["B", "A", "B"], rows.Where(row => row.Exists).Select(TitleOf));
        Assert.Equal([CachedRow.Never("book::none"), CachedRow.Never("book::none")], rows.Where(row => !row.Exists));
    }

    [CatalogFact]
    public async Task Empty_reads_and_writes_do_nothing()
    {
        Assert.Empty(await ReadAsync());
        Assert.Empty(await StoreAsync());
        Assert.Empty(await Catalog.ListKeysAsync(null, 10, CancellationToken.None));
    }

    [CatalogFact]
    public async Task Storing_the_same_again_changes_nothing()
    {
        await StoreAsync(Book("book::a"), Book("book::b"));
        var before = await ReadAsync("book::a", "book::b");

        Assert.Equal([EditOutcome.Unchanged, EditOutcome.Unchanged], await StoreAsync(Book("book::b"), Book("book::a")));

        Assert.Equal(before.Select(row => row.Identity), (await ReadAsync("book::a", "book::b")).Select(row => row.Identity));
    }

    [CatalogFact]
    public async Task Another_content_raises_the_version_by_one_and_sets_a_fresh_tag()
    {
        await StoreAsync(Book("book::a", "first"), Book("book::b", "first"));
        var before = await ReadAsync("book::a", "book::b");

        Assert.Equal(
            [EditOutcome.Created, EditOutcome.Updated, EditOutcome.Unchanged],
            await StoreAsync(Book("book::c"), Book("book::a", "second"), Book("book::b", "first")));

        var after = await ReadAsync("book::a", "book::b");
        Assert.Equal("second", TitleOf(after[0]));
        Assert.Equal(2, after[0].Identity.Version);
        Assert.NotEqual(before[0].Identity.Tag, after[0].Identity.Tag);
        Assert.Equal(before[1].Identity, after[1].Identity);
    }

    [CatalogFact]
    public async Task A_content_that_comes_back_is_another_edit()
    {
        await StoreAsync(Book("book::a", "first"));
        var first = Assert.Single(await ReadAsync("book::a")).Identity;
        await StoreAsync(Book("book::a", "second"));
        await StoreAsync(Book("book::a", "first"));

        var third = Assert.Single(await ReadAsync("book::a")).Identity;

        Assert.Equal(3, third.Version);
        Assert.NotEqual(first.Tag, third.Tag);
    }

    [CatalogFact]
    public async Task Of_two_writes_of_a_key_the_last_one_counts()
    {
        Assert.Equal(
            [EditOutcome.Created, EditOutcome.Created, EditOutcome.Created],
            await StoreAsync(Book("book::a", "first"), Book("book::b"), Book("book::a", "last")));

        var row = Assert.Single(await ReadAsync("book::a"));
        Assert.Equal("last", TitleOf(row));
        Assert.Equal(1, row.Identity.Version);
    }

    [CatalogFact]
    public async Task A_batch_that_fails_stores_nothing()
    {
        await StoreAsync(Book("book::b", "first"));
        await Database.RefuseAsync("book::y");

        await Assert.ThrowsAsync<CatalogUnavailableException>(
            () => StoreAsync(Book("book::a"), Book("book::b", "second"), Book("book::y"), Book("book::z")));

        var rows = await ReadAsync("book::a", "book::b", "book::y", "book::z");
        Assert.Equal(["book::b"], rows.Where(row => row.Exists).Select(row => row.Key));
        Assert.Equal("first", TitleOf(rows[1]));
        Assert.Equal([EditOutcome.Created, EditOutcome.Updated], await StoreAsync(Book("book::a"), Book("book::b", "second")));
    }

    [CatalogFact]
    public async Task A_batch_with_an_impossible_key_or_payload_stores_nothing()
    {
        var tooLarge = new KeyedPayload("book::b", Encoding.UTF8.GetBytes(new string('x', BookPayload.MaxBytes + 1)));
        var noText = new KeyedPayload("book::b", [0xC3, 0x28]);
        var withNul = new KeyedPayload("book::b", "{\0}"u8.ToArray());

        await Assert.ThrowsAsync<InvalidKeyException>(() => StoreAsync(Book("book::a"), Book("book::\u0007")));
        await Assert.ThrowsAsync<InvalidPayloadException>(() => StoreAsync(Book("book::a"), tooLarge));
        await Assert.ThrowsAsync<InvalidPayloadException>(() => StoreAsync(Book("book::a"), noText));
        await Assert.ThrowsAsync<InvalidPayloadException>(() => StoreAsync(Book("book::a"), withNul));

        Assert.Equal(CachedRow.Never("book::a"), await ReadOneAsync("book::a"));
    }

    [CatalogFact]
    public async Task Keys_may_contain_all_scripts_and_characters_of_query_languages()
    {
        string[] keys =
        [
            "book::Ÿes", "book::yes", "book::YES", "book::日本語", "book::كتاب", "book::😀", "book::e\u0301", "book::é",
            "book::'; DROP TABLE books; --", "book::\"quoted\"", "book::100%_", "book::back\\slash", "book::{a,b}", "book::$1",
                "book::\ufffd", "book:: space ",
        ];
        await StoreAsync([.. keys.Select(key => Book(key, $"Title of {key}"))]);

        var rows = await ReadAsync(keys);

        Assert.Equal(keys, rows.Select(row => row.Key));
        Assert.Equal(keys.Select(key => $"Title of {key}"), rows.Select(TitleOf));
    }

    [CatalogFact]
    public async Task The_largest_payload_and_the_longest_key_fit()
    {
        var key = "book::" + new string('é', (CacheKey.MaxBytes - 6) / 2);
        var payload = Encoding.UTF8.GetBytes("{\"title\":\"" + new string('x', BookPayload.MaxBytes - 12) + "\"}");
        Assert.Equal(BookPayload.MaxBytes, payload.Length);

        await StoreAsync(new KeyedPayload(key, payload));

        Assert.Equal(payload, Assert.Single(await ReadAsync(key)).Payload);
    }

    [CatalogFact]
    public async Task Five_thousand_books_are_stored_and_read_at_once()
    {
        var keys = Enumerable.Range(0, 5_000).Select(number => $"book::{number}").ToArray();

        var outcomes = await StoreAsync([.. keys.Select(key => Book(key, key))]);
        var rows = await ReadAsync([.. keys.Reverse()]);

        Assert.All(outcomes, outcome => Assert.Equal(EditOutcome.Created, outcome));
        Assert.Equal(keys.Reverse(), rows.Select(TitleOf));
    }

    [CatalogFact]
    public async Task Keys_are_listed_page_by_page_in_the_order_of_their_bytes()
    {
        string[] inOrder =
        [
            "Book", "book::1", "book::10", "book::2", "book::Z", "book::a", "book::é", "book::日", "book::\uffee", "book::😀", "c",
        ];
        await StoreAsync([.. inOrder.Reverse().Select(key => Book(key))]);

        var listed = new List<string>();
        for (string? after = null; ;)
        {
            var page = await Catalog.ListKeysAsync(after, 3, CancellationToken.None);
            if (page.Count == 0)
                break;
            Assert.InRange(page.Count, 1, 3);
            listed.AddRange(page);
            after = page[^1];
        }

        Assert.Equal(inOrder, listed);
        Assert.Equal(["book::10", "book::2"], await Catalog.ListKeysAsync("book::1", 2, CancellationToken.None));
        Assert.Equal(["book::2"], await Catalog.ListKeysAsync("book::11", 1, CancellationToken.None));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Catalog.ListKeysAsync(null, 0, CancellationToken.None));
    }

    [CatalogFact]
    public async Task Writers_of_several_catalogs_lose_none_of_their_edits()
    {
        const int Writers = 8, Rounds = 15;
        string[] keys = ["book::a", "book::b", "book::c", "book::d"];
        var other = Open();

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var catalog = writer % 2 == 0 ? Catalog : other;
            for (var round = 0; round < Rounds; round++)
            {
                // Every second writer goes through the keys backwards: no order of keys may cause a deadlock.
                var books = keys.Select(key => Book(key, $"{writer} {round}"));
                await catalog.StoreAsync([.. writer < Writers / 2 ? books : books.Reverse()], CancellationToken.None);
            }
        }))).WaitAsync(Patience);

        var rows = await ReadAsync(keys);
        Assert.All(rows, row => Assert.Equal(Writers * Rounds, row.Identity.Version));
        Assert.Single(rows.Select(TitleOf).Distinct());
        Assert.Equal(keys.Length, rows.Select(row => row.Identity.Tag).Distinct().Count());
    }

    [CatalogFact]
    public async Task A_read_sees_a_batch_whole_or_not_at_all()
    {
        string[] keys = ["book::a", "book::b", "book::c"];
        await StoreAsync([.. keys.Select(key => Book(key, "0"))]);
        var other = Open();
        var writing = Task.Run(async () =>
        {
            for (var round = 1; round <= 100; round++)
                await StoreAsync([.. keys.Select(key => Book(key, $"{round}"))]);
        });

        var seen = new List<string>();
        do
        {
            var rows = await other.ReadAsync(keys, CancellationToken.None).WaitAsync(Patience);
            seen.Add(Assert.Single(rows.Select(TitleOf).Distinct()));
        }
        while (!writing.IsCompleted || seen[^1] != "100");
        await writing;

        Assert.Equal(seen.Select(int.Parse).Order(), seen.Select(int.Parse));
    }

    [CatalogFact]
    public async Task Many_reads_at_once_are_all_answered()
    {
        await StoreAsync([.. Enumerable.Range(0, 100).Select(number => Book($"book::{number}", $"{number}"))]);

        var reads = Enumerable.Range(0, 500).Select(async number => TitleOf(Assert.Single(await ReadAsync($"book::{number % 100}"))));
        var answers = await Task.WhenAll(reads).WaitAsync(Patience);

        Assert.Equal(Enumerable.Range(0, 500).Select(number => $"{number % 100}"), answers);
    }

    [CatalogFact]
    public async Task It_may_be_initialized_again_and_by_several_at_once()
    {
        await StoreAsync(Book("book::a"));

        var initializations = Enumerable.Range(0, 8)
            .Select(_ => Open())
            .Select(catalog => Task.Run(() => catalog.InitializeAsync(CancellationToken.None)));
        await Task.WhenAll(initializations).WaitAsync(Patience);

        Assert.True((await ReadOneAsync("book::a")).Exists);
    }

    [CatalogFact]
    public async Task Books_survive_a_catalog_that_is_closed_and_opened_again()
    {
        await StoreAsync(Book("book::a", "kept"));
        var before = Assert.Single(await ReadAsync("book::a")).Identity;
        await CloseAsync(Catalog);

        var reopened = Open();
        await reopened.InitializeAsync(CancellationToken.None);

        var row = Assert.Single(await reopened.ReadAsync(["book::a"], CancellationToken.None));
        Assert.Equal("kept", TitleOf(row));
        Assert.Equal(before, row.Identity);
    }

    [CatalogFact]
    public async Task A_closed_catalog_says_so()
    {
        await CloseAsync(Catalog);

        if (Catalog is not IAsyncDisposable)
            return;
        await Assert.ThrowsAsync<ObjectDisposedException>(() => ReadAsync("book::a"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => WriteAsync(Write("book::a", "A")));
    }

    [CatalogFact]
    public async Task A_call_that_was_cancelled_before_it_began_does_nothing()
    {
        var givenUp = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Catalog.ReadAsync(["book::a"], givenUp));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Catalog.WriteAsync([Write("book::a", "A")], null, givenUp));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Catalog.ListKeysAsync(null, 1, givenUp));

        Assert.Equal(CachedRow.Never("book::a"), await ReadOneAsync("book::a"));
    }

    [CatalogFact]
    public async Task A_store_that_is_cancelled_while_it_waits_stores_nothing()
    {
        await using (await Database.HoldAsync("book::b"))
        {
            using var giveUp = new CancellationTokenSource();
            var storing = Catalog.StoreAsync([Book("book::a"), Book("book::b"), Book("book::c")], giveUp.Token);
            // A server that has not begun the query yet ignores the request to cancel it.
            await Database.HasWaiterAsync();
            Assert.False(storing.IsCompleted);
            await giveUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => storing.WaitAsync(Patience));
        }

        Assert.All(await ReadAsync("book::a", "book::b", "book::c"), row => Assert.Equal(CachedRow.Never(row.Key), row));
        Assert.Equal([EditOutcome.Created], await StoreAsync(Book("book::b")));
    }

    [CatalogFact]
    public async Task A_store_that_waits_for_another_continues_after_it()
    {
        Task<EditOutcome[]> storing;
        await using (await Database.HoldAsync("book::b"))
        {
            storing = StoreAsync(Book("book::a"), Book("book::b"));
            Assert.False(Assert.Single(await ReadAsync("book::b").WaitAsync(Patience)).Exists);
            Assert.False(storing.IsCompleted);
        }

        Assert.Equal([EditOutcome.Created, EditOutcome.Created], await storing.WaitAsync(Patience));
    }
}

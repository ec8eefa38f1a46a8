using OrleansCache.Client;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Client.Edits;

/// <summary>Edits, from the client to the owner of their slot.</summary>
public sealed class EditTests
{
    private static readonly Book Book = new("1985", "Anthony Burgess", 1978);

    [Fact]
    public async Task An_edit_goes_to_the_owner_of_its_slot_and_says_what_it_did()
    {
        await using var scene = await ClientScene.JoinedAsync();

        var receipt = await scene.Cache.PutAsync(ClientScene.Key, Book, new() { ExpectedVersion = 7 });

        var (through, slot, edits) = Assert.Single(scene.Cluster.Edits);
        Assert.Equal(("europe", CacheKey.Parse(ClientScene.Key).SlotOf(64)), (through, slot));
        Assert.Equal((ClientScene.Key, EditOutcome.Updated, 8, edits[0].Id), (receipt.Key, receipt.Outcome, receipt.Version, receipt.Tag));
        Assert.Equal("1985", (await scene.GetAsync()).Book!.Title);
    }

    [Fact]
    public async Task A_removal_is_an_edit_too()
    {
        await using var scene = await ClientScene.JoinedAsync();
        await scene.GetAsync();

        Assert.Equal(EditOutcome.Removed, (await scene.Cache.RemoveAsync(ClientScene.Key)).Outcome);

        Assert.False((await scene.GetAsync()).Found);
    }

    [Fact]
    public async Task Where_a_silo_is_gone_the_edit_is_repeated_at_once_with_the_same_id()
    {
        await using var scene = await ClientScene.JoinedAsync();
        var calls = 0;
        scene.Cluster.OnEdit = (_, edits) => ++calls == 1
            ? Task.FromException<EditResult[]>(new InvalidOperationException("the silo is gone"))
            : Task.FromResult(Array.ConvertAll(edits, scene.Cluster.Make));

        await scene.Cache.PutAsync(ClientScene.Key, Book);

        Assert.Equal(["europe", "asia"], scene.Cluster.Edits.Select(edit => edit.Through));
        Assert.Single(scene.Cluster.Edits.Select(edit => edit.Edits[0].Id).Distinct());
    }

    [Fact]
    public async Task A_slow_owner_is_waited_for_longer_than_a_lookup_would_be()
    {
        await using var scene = await ClientScene.JoinedAsync();
        var answer = new TaskCompletionSource<EditResult[]>();
        scene.Cluster.OnEdit = (_, _) => answer.Task;

        var edit = scene.Cache.PutAsync(ClientScene.Key, Book);
        scene.Clock.Advance(TimeSpan.FromSeconds(14));
        Assert.Single(scene.Cluster.Edits);
        answer.SetResult([new(EditOutcome.Updated, new(8, Guid.NewGuid()))]);

        var receipt = await edit;
        Assert.Equal((8, TimeSpan.FromSeconds(14)), (receipt.Version, receipt.Elapsed));
    }

    [Fact]
    public async Task When_nobody_has_said_what_became_of_it_the_error_has_the_id_with_which_it_can_be_repeated()
    {
        await using var scene = await ClientScene.JoinedAsync();
        scene.Cluster.OnEdit = (_, _) => new TaskCompletionSource<EditResult[]>().Task;

        var edit = scene.Cache.PutAsync(ClientScene.Key, Book);
        await scene.PassUntilEndOfAsync(edit, TimeSpan.FromMilliseconds(500));

        var error = await Assert.ThrowsAsync<OutcomeUnknownException>(() => edit);
        var id = Assert.Single(scene.Cluster.Edits.Select(sent => sent.Edits[0].Id).Distinct());
        Assert.Contains(id.ToString(), error.Message);
        Assert.InRange(scene.Cluster.Edits.Count, 2, 3);

        scene.Cluster.OnEdit = null;
        Assert.Equal(id, (await scene.Cache.PutAsync(ClientScene.Key, Book, new() { Id = id })).Tag);
    }

    [Fact]
    public async Task What_could_be_sent_nowhere_was_not_made()
    {
        await using var scene = await ClientScene.JoinedAsync();
        scene.Cluster.OnEdit = (region, _) =>
            Task.FromException<EditResult[]>(new RegionUnavailableException($"{region} is not connected."));

        var edit = scene.Cache.PutAsync(ClientScene.Key, Book);
        await scene.PassUntilEndOfAsync(edit, TimeSpan.FromMilliseconds(500));

        Assert.Contains("could not be sent", (await Assert.ThrowsAsync<RegionUnavailableException>(() => edit)).Message);
        Assert.InRange(scene.Cluster.Edits.Count, 45, 150);
    }

    [Fact]
    public async Task A_catalog_that_is_down_is_said_at_once_unless_an_earlier_attempt_may_have_been_made()
    {
        await using var scene = await ClientScene.JoinedAsync();
        scene.Cluster.OnEdit = (_, _) => Task.FromException<EditResult[]>(new CatalogUnavailableException("The catalog is down."));
        await Assert.ThrowsAsync<CatalogUnavailableException>(() => scene.Cache.PutAsync(ClientScene.Key, Book));

        scene.Cluster.Edits.Clear();
        var calls = 0;
        scene.Cluster.OnEdit = (_, edits) => ++calls switch
        {
            1 => Task.FromException<EditResult[]>(new OutcomeUnknownException("The catalog was lost.")),
            2 => Task.FromException<EditResult[]>(new CatalogUnavailableException("The catalog is down.")),
            _ => Task.FromResult(Array.ConvertAll(edits, scene.Cluster.Make)),
        };
        var edit = scene.Cache.PutAsync(ClientScene.Key, Book);
        await scene.PassUntilEndOfAsync(edit, TimeSpan.FromMilliseconds(500));

        Assert.Equal(EditOutcome.Updated, (await edit).Outcome);
        Assert.Equal(3, scene.Cluster.Edits.Count);
    }

    [Fact]
    public async Task A_conflict_says_what_was_expected_what_is_there_and_what_to_do()
    {
        await using var scene = await ClientScene.JoinedAsync();

        var error = await ConflictAsync(() => scene.Cache.PutAsync(ClientScene.Key, Book, new() { ExpectedVersion = 6 }));

        Assert.Contains("\"book::1984\" was not changed: version 6 was expected, but its last edit made version 7", error.Message);
        Assert.Contains("Look it up", error.Message);
        Assert.Equal(7, error.Current.Version);

        var created = await ConflictAsync(() => scene.Cache.PutAsync(ClientScene.Key, Book, new() { CreateOnly = true }));
        Assert.Contains("no such book was expected", created.Message);
        var expected = new EditOptions { ExpectedVersion = 1, ExpectedTag = Guid.NewGuid() };
        var never = await ConflictAsync(() => scene.Cache.RemoveAsync("book::never", expected));
        Assert.Contains("there has never been one", never.Message);

        static Task<EditConflictException> ConflictAsync(Func<Task> edit) => Assert.ThrowsAsync<EditConflictException>(edit);
    }

    [Fact]
    public async Task What_cannot_be_an_edit_is_sent_nowhere()
    {
        await using var scene = await ClientScene.JoinedAsync();
        var cache = scene.Cache;

        await Assert.ThrowsAsync<InvalidKeyException>(() => cache.PutAsync("", Book));
        await Assert.ThrowsAsync<InvalidKeyException>(() => cache.RemoveAsync(new string('x', 257)));
        await Assert.ThrowsAsync<InvalidPayloadException>(() => cache.PutAsync("a", Book with { Title = " " }));
        var large = Book with { Description = new string('x', 64 * 1024) };
        await Assert.ThrowsAsync<InvalidPayloadException>(() => cache.PutAsync("a", large));
        await RefusesAsync("ExpectedVersion", new() { ExpectedVersion = -1 });
        await RefusesAsync("CreateOnly", new() { CreateOnly = true, ExpectedVersion = 1 });
        await RefusesAsync("ExpectedTag", new() { ExpectedTag = Guid.NewGuid() });
        await RefusesAsync("Id", new() { Id = Guid.Empty });
        await Assert.ThrowsAsync<ArgumentException>(() => cache.RemoveAsync("a", new() { CreateOnly = true }));
        Assert.Empty(scene.Cluster.Edits);

        async Task RefusesAsync(string setting, EditOptions options) =>
            Assert.Contains(setting, (await Assert.ThrowsAsync<ArgumentException>(() => cache.PutAsync("a", Book, options))).Message);
    }
}

using System.Collections.Concurrent;
using OrleansCache.Client;

namespace OrleansCache.Tests.Client.NearCaches;

/// <summary>One silo and the catalog behind it, which do what a test says and remember what they were asked.</summary>
internal sealed class FakeCluster : IBookGrains, IBatchGrains, IOwnerGrains, INearSources
{
    public const string Region = "europe";
    public const string Silo = "S10.0.0.1:11111:7";

    private readonly ConcurrentDictionary<string, CachedRow> _catalog = new();
    private readonly ConcurrentDictionary<Guid, Action<string[]>> _clients = new();

    /// <summary>How long the leases are that it grants; zero while a book is not calm.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(10);

    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>What a lookup does in place of being answered at once.</summary>
    public Func<string, LookupOptions, CancellationToken, ValueTask<LookupAnswer>>? OnLookup { get; set; }

    public Func<string, string[], Task<LookupAnswer?[]>>? OnBatch { get; set; }

    public Func<HeldEntry[], Task<TimeSpan[]>>? OnRenew { get; set; }

    public Func<string, Edit[], Task<EditResult[]>>? OnEdit { get; set; }

    public Func<Task>? OnJoin { get; set; }

    public ConcurrentQueue<(string Book, LookupOptions Options)> Lookups { get; } = new();

    public ConcurrentQueue<(string Region, string[] Books)> Batches { get; } = new();

    public ConcurrentQueue<HeldEntry[]> Renewals { get; } = new();

    public ConcurrentQueue<(string Through, int Slot, Edit[] Edits)> Edits { get; } = new();

    public ConcurrentQueue<string> Joins { get; } = new();

    public ConcurrentQueue<string> Leaves { get; } = new();

    public bool ObserversAreDeleted { get; private set; }

    public bool Knows(Guid client) => _clients.ContainsKey(client);

    public void Forget() => _clients.Clear();

    public static byte[] Payload(string title = "1984", string? description = null) => BookPayload.Encode(new Book(title, "George Orwell", 1949, Description: description));

    public void Put(string key, long version, string title = "1984", string? description = null) =>
        _catalog[key] = new(key, new(version, new Guid((int)version, 0, 0, new byte[8])), Payload(title, description));

    public void Remove(string key, long version) => _catalog[key] = new(key, new(version, new Guid((int)version, 0, 0, new byte[8])), null);

    /// <summary>Tells the clients as a silo does, before an edit is made.</summary>
    public void Revoke(params string[] books)
    {
        foreach (var tell in _clients.Values)
            tell(books);
    }

    public CachedRow RowOf(string key) => _catalog.TryGetValue(key, out var row) ? row : CachedRow.Never(key);

    public LookupAnswer Answer(string key, LookupOptions options, string silo = Silo)
    {
        var isKnown = Knows(options.Client);
        var lease = isKnown ? Lease : TimeSpan.Zero;
        return new(
            RowOf(key), Tier.Silo, Region, "europe-1", TimeToLive, TimeSpan.FromSeconds(1), LookupFlags.None, lease, options.Client != default && (lease > TimeSpan.Zero || !isKnown) ? silo : null);
    }

    public int SilosOf(string region) => 1;

    public ValueTask<LookupAnswer> LookupAsync(BookGrainKey grain, LookupOptions options, CancellationToken cancellation)
    {
        Lookups.Enqueue((grain.Book, options));
        return OnLookup is { } instead ? instead(grain.Book, options, cancellation) : new(Answer(grain.Book, options));
    }

    public Task<LookupAnswer?[]> LookupAsync(string region, string[] books, LookupOptions options, CancellationToken cancellation)
    {
        Batches.Enqueue((region, books));
        return OnBatch is { } instead ? instead(region, books) : Task.FromResult<LookupAnswer?[]>([.. books.Select(book => Answer(book, options))]);
    }

    public Task<EditResult[]> EditAsync(string through, int slot, Edit[] edits, CancellationToken cancellation)
    {
        Edits.Enqueue((through, slot, edits));
        return OnEdit is { } instead ? instead(through, edits) : Task.FromResult(Array.ConvertAll(edits, Make));
    }

    /// <summary>Makes an edit as an owner does.</summary>
    public EditResult Make(Edit edit)
    {
        var current = RowOf(edit.Key);
        if (!edit.IsMetBy(current))
            return new(EditOutcome.Conflict, current.Identity);
        Revoke(edit.Key);
        var identity = new RowVersion(current.Identity.Version + 1, edit.Id);
        _catalog[edit.Key] = new(edit.Key, identity, edit.Payload);
        return new(edit.Payload is null ? EditOutcome.Removed : current.Exists ? EditOutcome.Updated : EditOutcome.Created, identity);
    }

    public async Task JoinAsync(string region, string silo, Guid client, Action<string[]> revoke, CancellationToken cancellation)
    {
        Joins.Enqueue(silo);
        if (OnJoin is { } first)
            await first();
        _clients[client] = revoke;
    }

    public Task<TimeSpan[]> RenewAsync(string region, string silo, Guid client, HeldEntry[] held, CancellationToken cancellation)
    {
        Renewals.Enqueue(held);
        return OnRenew is { } instead ? instead(held) : Task.FromResult(Array.ConvertAll(held, entry => Knows(client) && RowOf(entry.Book).Identity == entry.Identity ? Lease : TimeSpan.Zero));
    }

    public Task LeaveAsync(string region, string silo, Guid client, CancellationToken cancellation)
    {
        Leaves.Enqueue(silo);
        _clients.TryRemove(client, out _);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        ObserversAreDeleted = true;
        return ValueTask.CompletedTask;
    }
}

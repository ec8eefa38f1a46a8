using System.Collections.Concurrent;
using OrleansCache.Client;

namespace OrleansCache.Tests.Client;

/// <summary>
/// A cluster as the client library sees it: one catalog, a silo in each region that grants and revokes leases, and owners that make edits.
/// A test replaces parts of this behavior, and checks which calls were made.
/// </summary>
internal sealed class FakeCluster : IBookGrains, IOwnerGrains, INearSources, IRegionConnections
{
    public const string Silo = "S10.0.0.1:11111:7";

    private readonly ConcurrentDictionary<string, CachedRow> _catalog = new();
    private readonly ConcurrentDictionary<Guid, INearRevocations> _clients = new();
    private long _answers;

    public delegate ValueTask<LookupAnswer?> Behavior(BookGrainKey grain, CancellationToken cancellation);

    /// <summary>The leases that it grants; zero while a key was edited too recently, so that no client is registered for it.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The generation of every client at every silo.</summary>
    public long Generation { get; set; } = 1;

    /// <summary>The stamp of every silo's own lease on each slot.</summary>
    public long Stamp { get; set; } = 1;

    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The number of silos of a region; 1 for those that are not here.</summary>
    public Dictionary<string, int> Silos { get; } = [];

    /// <summary>The behavior of the grains of a region; those of other regions answer from the catalog.</summary>
    public Dictionary<string, Behavior> Regions { get; } = [];

    /// <summary>The behavior of all grains; null where <see cref="Regions"/> decides.</summary>
    public Func<string, LookupOptions, CancellationToken, ValueTask<LookupAnswer?>>? OnLookup { get; set; }

    public Func<string, string[], Task<LookupAnswer?[]>>? OnBatch { get; set; }

    public Func<string, Task<NearRenewal?>>? OnRenew { get; set; }

    public Func<string, Edit[], Task<EditResult[]>>? OnEdit { get; set; }

    public Func<Task>? OnJoin { get; set; }

    public ConcurrentQueue<(BookGrainKey Grain, LookupOptions Options, CancellationToken Cancellation)> Lookups { get; } = new();

    /// <summary>The grains that were asked, in order.</summary>
    public IReadOnlyList<BookGrainKey> Asked => [.. Lookups.Select(lookup => lookup.Grain)];

    public ConcurrentQueue<(string Region, string[] Keys)> Batches { get; } = new();

    public ConcurrentQueue<(string Silo, Releases Releases, long WorkedOff)> Renewals { get; } = new();

    public Func<HeldRow[], Task<NearConfirmation[]?>>? OnConfirm { get; set; }

    public ConcurrentQueue<(string Silo, HeldRow[] Rows)> Confirmed { get; } = new();

    public ConcurrentQueue<(string Through, int Slot, Edit[] Edits)> Edits { get; } = new();

    /// <summary>How often the connections were started.</summary>
    public int Starts { get; private set; }

    public IEnumerable<RegionConnection> All =>
        [new("europe", ["127.0.0.1:30000"], false, "Connection refused"), new("asia", [], false, "no silo")];

    /// <summary>What an edit through a region finds instead of its connection.</summary>
    public Func<string, Exception?>? OnConnect { get; set; }

    public ConcurrentQueue<string> Joins { get; } = new();

    public ConcurrentQueue<string> Leaves { get; } = new();

    public bool ObserversAreDeleted { get; private set; }

    public static byte[] Payload(string title = "1984", string? description = null) =>
        BookPayload.Encode(new Book(title, "George Orwell", 1949, Description: description));

    public static Behavior Fails(Exception error) => (_, _) => ValueTask.FromException<LookupAnswer?>(error);

    /// <summary>Never answers, not even when the call is cancelled: a silo that is lost.</summary>
    public static Behavior Hangs() => (_, _) => new(new TaskCompletionSource<LookupAnswer?>().Task);

    /// <summary>A silo that has more to do than it can.</summary>
    public static Behavior Sheds() => (_, _) => default;

    public Behavior Answers(LookupFlags flags = LookupFlags.None) => (grain, _) => new(AnswerOf(grain) with { Flags = flags });

    /// <summary>Has the grains of one rank of a region answer.</summary>
    public void AnswerOnlyFrom(string region, int rank, Behavior others, LookupFlags flags = LookupFlags.None) =>
        Regions[region] = (grain, cancellation) => (grain.Rank == rank ? Answers(flags) : others)(grain, cancellation);

    /// <summary>What a grain answers to a client that wants no lease.</summary>
    public LookupAnswer AnswerOf(BookGrainKey grain) => Answer(grain.Book, default, grain.Region);

    public LookupAnswer Answer(string key, LookupOptions options, string region = "europe", string silo = Silo)
    {
        var isKnown = Knows(options.Client);
        var lease = isKnown ? Lease : TimeSpan.Zero;
        var isNamed = options.Client != default && (lease > TimeSpan.Zero || !isKnown);
        return new(
            RowOf(key),
            Tier.Silo,
            region,
            $"{region}-1",
            TimeToLive,
            TimeSpan.FromSeconds(1),
            LookupFlags.None,
            lease,
            isNamed ? silo : null,
            lease > TimeSpan.Zero ? new(Generation, Stamp) : LeaseGeneration.None);
    }

    public bool Knows(Guid client) => _clients.ContainsKey(client);

    public void Forget() => _clients.Clear();

    public void Put(string key, long version, string title = "1984", string? description = null) =>
        _catalog[key] = new(key, VersionOf(version), Payload(title, description));

    public void Remove(string key, long version) => _catalog[key] = new(key, VersionOf(version), null);

    public CachedRow RowOf(string key) => _catalog.TryGetValue(key, out var row) ? row : CachedRow.Never(key);

    /// <summary>Revokes keys, as a silo does before they are edited.</summary>
    public void Revoke(params string[] keys)
    {
        foreach (var near in _clients.Values)
            near.Revoke(keys);
    }

    /// <summary>Ends the leases of clients, as a silo does whose own lease on a slot has ended.</summary>
    public void EndLeases(string silo, int? slot, long below)
    {
        foreach (var near in _clients.Values)
            near.EndLeases(silo, slot, below);
    }

    /// <summary>What a silo answers to a renewal.</summary>
    public NearRenewal Renewal(TimeSpan lease, params string[] drops) => new(
        Generation,
        [.. Enumerable.Repeat(Stamp, 64)],
        [.. Enumerable.Repeat((int)lease.TotalMilliseconds, 64)],
        Interlocked.Increment(ref _answers),
        drops);

    /// <summary>Makes an edit, as an owner does.</summary>
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

    public int SilosOf(string region) => Silos.GetValueOrDefault(region, 1);

    public ValueTask<LookupAnswer?> LookupAsync(BookGrainKey grain, LookupOptions options, CancellationToken cancellation)
    {
        Lookups.Enqueue((grain, options, cancellation));
        if (OnLookup is { } instead)
            return instead(grain.Book, options, cancellation);
        return Regions.TryGetValue(grain.Region, out var behavior)
            ? behavior(grain, cancellation)
            : new(Answer(grain.Book, options, grain.Region));
    }

    public Task<LookupAnswer?[]> LookupAsync(string region, string[] keys, LookupOptions options, CancellationToken cancellation)
    {
        Batches.Enqueue((region, keys));
        return OnBatch is { } instead
            ? instead(region, keys)
            : Task.FromResult<LookupAnswer?[]>([.. keys.Select(key => Answer(key, options, region))]);
    }

    public void Start() => Starts++;

    public ValueTask ConnectAsync(string through, CancellationToken cancellation) =>
        OnConnect?.Invoke(through) is { } error ? ValueTask.FromException(error) : default;

    public Task<EditResult[]> EditAsync(string through, int slot, Edit[] edits, CancellationToken cancellation)
    {
        Edits.Enqueue((through, slot, edits));
        return OnEdit is { } instead ? instead(through, edits) : Task.FromResult(Array.ConvertAll(edits, Make));
    }

    public async Task JoinAsync(string region, string silo, Guid client, INearRevocations near, CancellationToken cancellation)
    {
        Joins.Enqueue(silo);
        if (OnJoin is { } first)
            await first();
        _clients[client] = near;
    }

    public Task<NearRenewal?> RenewAsync(
        string region, string silo, Guid client, Releases releases, long workedOff, CancellationToken cancellation)
    {
        Renewals.Enqueue((silo, releases, workedOff));
        return OnRenew is { } instead ? instead(silo) : Task.FromResult(Knows(client) ? Renewal(Lease) : null);
    }

    public Task<NearConfirmation[]?> ConfirmAsync(
        string region, string silo, Guid client, HeldRow[] rows, long released, CancellationToken cancellation)
    {
        Confirmed.Enqueue((silo, rows));
        return OnConfirm is { } instead ? instead(rows) : Task.FromResult(Knows(client) ? Array.ConvertAll(rows, Confirm) : null);
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

    private NearConfirmation Confirm(HeldRow row) =>
        RowOf(row.Book).Identity == row.Identity ? new(true, new(Generation, Stamp), Lease) : default;

    private static RowVersion VersionOf(long version) => new(version, new Guid((int)version, 0, 0, new byte[8]));
}

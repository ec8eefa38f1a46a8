using OrleansCache.Client;

namespace OrleansCache.Http.Tests.Servers;

/// <summary>A cache whose answers a test says.</summary>
internal sealed class StandIn : IBookCache
{
    /// <summary>What a lookup does; by default it finds nothing.</summary>
    public Func<string, GetOptions, Task<LookupResult>> OnGet { get; set; } = (key, _) => Task.FromResult(Missing(key));

    /// <summary>What an edit does; a removal has no book.</summary>
    public Func<string, Book?, EditOptions, Task<EditReceipt>> OnEdit { get; set; } = (key, _, options) =>
        Task.FromResult(new EditReceipt { Key = key, Outcome = EditOutcome.Updated, Version = 2, Tag = options.Id!.Value });

    public ValueTask<LookupResult> GetAsync(string key, GetOptions? options = null, CancellationToken cancellation = default) =>
        new(OnGet(key, options!));

    public async Task<IReadOnlyList<LookupResult>> GetManyAsync(
        IReadOnlyList<string> keys, GetOptions? options = null, CancellationToken cancellation = default) =>
        await Task.WhenAll(keys.Select(key => OnGet(key, options!)));

    public Task<EditReceipt> PutAsync(
        string key, Book book, EditOptions? options = null, CancellationToken cancellation = default) => OnEdit(key, book, options!);

    public Task<EditReceipt> RemoveAsync(string key, EditOptions? options = null, CancellationToken cancellation = default) =>
        OnEdit(key, null, options!);

    public static LookupResult Missing(string key) => new() { Key = key, Tier = Tier.Silo, Region = "europe" };

    public static LookupResult Found(string key, LookupFlags flags = LookupFlags.None, Tier tier = Tier.Silo) => new()
    {
        Key = key,
        Book = new("A book"),
        Version = 7,
        Tag = new("0f8fad5b-d9cb-469f-a165-70867728950e"),
        Tier = tier,
        Region = "asia",
        Node = "asia-1",
        Age = TimeSpan.FromSeconds(3.9),
        TimeToLive = TimeSpan.FromSeconds(9.9),
        Flags = flags,
    };
}

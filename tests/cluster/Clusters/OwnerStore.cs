namespace OrleansCache.Tests.Clusters;

/// <summary>Stores books through their owner, as an import does.</summary>
internal static class OwnerStore
{
    public static async Task<EditOutcome[]> StoreAsync(this IOwnerGrain owner, KeyedPayload[] books, CancellationToken cancellation)
    {
        var results = await owner.EditAsync([.. books.Select(book => new Edit(Guid.NewGuid(), book.Key, book.Payload))], cancellation);
        return [.. results.Select(result => result.Outcome)];
    }
}

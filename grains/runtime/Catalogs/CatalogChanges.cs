namespace OrleansCache.Catalogs;

/// <summary>What has changed in the catalog since a position, and the epochs of slots, all as of one instant.</summary>
/// <param name="Rows">
/// The rows that were written since the position, each once, with its newest identity, in no particular order. Empty if it is not complete.
/// </param>
/// <param name="Position">The position of this instant, for the next read.</param>
/// <param name="IsComplete">
/// Whether <paramref name="Rows"/> has every row that was written since the position. If not, any row may have been: the caller treats all
/// it knows as changed, and goes on from <paramref name="Position"/>.
/// </param>
/// <param name="Epochs">The epoch of each slot that was asked for, in the same order; 0 for one that nobody has owned yet.</param>
public sealed record CatalogChanges(
    IReadOnlyList<ChangedRow> Rows, FeedPosition Position, bool IsComplete, IReadOnlyList<long> Epochs)
{
    /// <summary>The result for rows of which one more than the limit was read, to see whether there are more.</summary>
    internal static CatalogChanges Of(
        List<ChangedRow> rows, int limit, bool continues, FeedPosition position, IReadOnlyList<long> epochs) =>
        continues && rows.Count <= limit ? new(rows, position, true, epochs) : new([], position, false, epochs);
}

namespace OrleansCache.Client;

/// <summary>What became of the books that were stored.</summary>
/// <param name="Created">Books that are new.</param>
/// <param name="Updated">Books that were there with another content.</param>
/// <param name="Unchanged">Books that were there already as they are.</param>
public readonly record struct StoreTotals(long Created, long Updated, long Unchanged)
{
    /// <summary>All of them.</summary>
    public long Total => Created + Updated + Unchanged;

    internal StoreTotals With(ReadOnlySpan<StoreOutcome> outcomes)
    {
        var totals = this;
        foreach (var outcome in outcomes)
        {
            totals = outcome switch
            {
                StoreOutcome.Created => totals with { Created = totals.Created + 1 },
                StoreOutcome.Updated => totals with { Updated = totals.Updated + 1 },
                _ => totals with { Unchanged = totals.Unchanged + 1 },
            };
        }

        return totals;
    }
}

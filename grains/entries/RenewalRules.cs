namespace OrleansCache.Entries;

/// <summary>When the leases of a table's copies are renewed.</summary>
/// <param name="Before">How long before its end a lease is to be renewed, in milliseconds.</param>
/// <param name="UsedWithin">Only the leases of copies that were used within this time are, in milliseconds; the others lapse.</param>
/// <param name="Most">How many may wait to be renewed; further ones lapse.</param>
public sealed record RenewalRules(long Before, long UsedWithin, int Most);

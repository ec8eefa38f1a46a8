namespace OrleansCache;

/// <summary>
/// Which of the volume leases that a holder has had on a slot one after the other. Ordered: what carries an older generation than the
/// holder's own is refused.
/// </summary>
/// <param name="Epoch">Of an owner's lease: the slot's epoch in the catalog. Of a silo's lease: the client's generation at the
/// silo.</param>
/// <param name="Number">Of an owner's lease: the silo's generation at the owner. Of a silo's lease: the stamp of the silo's own.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.LeaseGeneration")]
internal readonly record struct LeaseGeneration([property: Id(0)] long Epoch, [property: Id(1)] long Number) : IComparable<LeaseGeneration>
{
    /// <summary>Before the first.</summary>
    public static LeaseGeneration None => default;

    public static bool operator <(LeaseGeneration left, LeaseGeneration right) => left.CompareTo(right) < 0;

    public static bool operator >(LeaseGeneration left, LeaseGeneration right) => left.CompareTo(right) > 0;

    public static bool operator <=(LeaseGeneration left, LeaseGeneration right) => left.CompareTo(right) <= 0;

    public static bool operator >=(LeaseGeneration left, LeaseGeneration right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public int CompareTo(LeaseGeneration other) => Epoch == other.Epoch ? Number.CompareTo(other.Number) : Epoch.CompareTo(other.Epoch);
}

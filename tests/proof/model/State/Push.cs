namespace OrleansCache.Model.State;

/// <summary>A new row in flight to a silo that has acknowledged the revocation of the old one; there is none if the row is 0.</summary>
internal struct Push
{
    public byte Row;
    public byte Number;
}

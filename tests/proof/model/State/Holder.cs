namespace OrleansCache.Model.State;

/// <summary>What a granter has recorded about one holder: an owner about a silo, or a silo about its client.</summary>
internal struct Holder
{
    /// <summary>1 if the holder is registered for the book.</summary>
    public byte Registered;

    /// <summary>The epoch and the generation of the holder's volume lease as one number.</summary>
    public byte Number;

    /// <summary>Ticks of the granter's clock until the volume lease has ended.</summary>
    public byte Until;

    /// <summary>1 while a revocation is not confirmed: each renewal names the book.</summary>
    public byte Drop;

    /// <summary>Ticks until the revocation under way is waited for no more.</summary>
    public byte Limit;
}

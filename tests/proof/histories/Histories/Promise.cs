namespace OrleansCache.Proof.Histories;

/// <summary>The promises that a history must keep.</summary>
public enum Promise
{
    /// <summary>G1 and G6: each book is a register with one order of edits that fits every call.</summary>
    Linearizable,

    /// <summary>G2: no plain answer is older than an edit that was acknowledged more than one lease before.</summary>
    Bounded,

    /// <summary>G7: no client sees an older row after a newer one.</summary>
    Monotonic,
}

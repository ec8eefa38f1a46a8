namespace OrleansCache.Model.Rules;

/// <summary>The promises of the design that the model can break.</summary>
internal enum Guarantee : byte
{
    None,

    /// <summary>G1: whoever starts a lookup after an acknowledged edit, or after a lookup that saw it, sees it too.</summary>
    Coherent,

    /// <summary>G2: no answer is older than what was acknowledged, or written by SQL, one lease before the lookup started.</summary>
    Bounded,

    /// <summary>G7: one client never sees the book go back.</summary>
    Monotonic,
}
